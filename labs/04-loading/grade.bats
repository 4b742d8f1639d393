# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

start()
{
	launch loading ./loading
	expect loading '^zeros +(0x[0-9a-f]+)$'
	maps=$(vmscope --json maps "$loading" | jq -r '.maps[] |
		"\(.start) \(.end) \(.perms[:3]) \(.offset / 4096) \(.name // .file // "-" | sub(".*/"; ""))"')
	eval "$(output_of loading | awk '/^(code|constant|variable|zeros)/ { print $1 "=" $2 }')"
}

# from NAME: START END PERMS PAGE of each mapping of it.
from()
{
	awk -v name="$1" '$5 == name { print $1, $2, $3, $4 }' <<<"$maps"
}

# The file's mappings, the last one with the zeros after it.
segments()
{
	awk '$5 == "loading" { if (n) print line[n]; line[++n] = $1 " " $2 " " $3 " " $4; end = $2; next }
		$1 == end && $5 == "-" { split(line[n], f); line[n] = f[1] " " $2 " " f[3] " " f[4]; end = "" }
		END { print line[n] }' <<<"$maps"
}

@test "S21: what exec() makes of the program headers" {
	start
	hint "Your segments (left) are not the mappings that the kernel made (right): first page
(TODO 1), end (TODO 2), permissions (TODO 3), page of the file (TODO 4). A mapping is
made of whole pages: round down where it begins, up where it ends." \
		sh -c 'echo "$2" >want; echo "$1" | diff --side-by-side --width=110 - want >&2' sh \
		"$(output_of loading | sed -n 's/^segment \(.*\)-\(.*\) \(.*\) page /\1 \2 \3 /p')" \
		"$(segments)"
}

@test "S8: permissions and backing of code, constants, variables and zeros" {
	local name

	start
	assert_flags "$loading" "$code" -rw +exec
	assert_flags "$loading" "$constant" -rw -exec
	assert_flags "$loading" "$variable" +rw -exec
	assert_state "$loading" "$zeros" none
	for name in code constant variable; do
		hint "Your segments do not say what the entry of the page with $name permits (TODO 1 to 3)." \
			permits "$name" "$(vma_field "$loading" "${!name}" perms)"
	done
}

# permits NAME PERMS: the segment that the program says NAME is in.
permits()
{
	local from to perms

	while read -r from to perms; do
		((from <= ${!1} && ${!1} < to)) || continue
		[[ ${perms}p == "$2" ]]
		return
	done < <(output_of loading | sed -n 's/^segment \(.*\)-\(.*\) \(.*\) page .*/\1 \2 \3/p')
	echo "no segment has ${!1}" >&2
	return 1
}

@test "S6: brk, mmap, dlopen and recursion make the address space larger" {
	local stack

	start
	stack=$(from '[stack]')
	go_on loading
	expect loading '^heap +grown to'
	hint "There should be 16 pages of heap now (TODO 5)." \
		test "$(vmscope maps "$loading" -o pages,mapping --noheadings | awk '/heap/ { print $1 }')" = 16
	go_on loading
	expect loading '^pages +mapped at (0x[0-9a-f]+)$' "mmap() should have given four pages (TODO 6)."
	new=${BASH_REMATCH[1]}
	hint "Is the new memory readable and writable (TODO 6)?" \
		test "$(vma_field "$loading" "$new" perms)" = rw-p
	hint "Four pages, please (TODO 6)." assert_state "$loading" $((new + 12288)) none
	go_on loading
	expect loading '^library +loaded'
	maps=$(vmscope maps "$loading" -o perms,mapping --noheadings)
	hint "plugin.so should be mapped, with code (TODO 7)." \
		grep -q '^r-xp .*/plugin.so$' <<<"$maps"
	go_on loading
	expect loading '^stack +used'
	read -r from to _ <<<"$stack"
	hint "The stack should have grown downwards (TODO 8): is the array in each call its own,
and used?" \
		test "$(vma_field "$loading" $((to - 262144)) name)" = '[stack]'
	hint "The stack is there, but was not used down to there (TODO 8)." \
		assert_state "$loading" $((to - 262144)) present
}
