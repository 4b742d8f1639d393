# SPDX-License-Identifier: GPL-2.0

load ../lib/grade

builds="bss_static bss_shared heap_static heap_shared"

# start BUILD: sets array[BUILD], code[BUILD].
start()
{
	launch "$1" "./${1/_/-}"
	expect "$1" '^heap grown by (-?[0-9]+)$'
	grown[$1]=${BASH_REMATCH[1]}
	expect "$1" '^sumit (.*)$'
	code[$1]=${BASH_REMATCH[1]}
	expect "$1" '^array (0x[0-9a-f]+)$' "${1/_/-} should have an array (TODO 1 for heap, 2 for bss)."
	array[$1]=${BASH_REMATCH[1]}
}

# place BUILD: the name of the mapping that the array's middle and end are in. (It may
# begin in a page that has variables of the file, too.)
place()
{
	local at=$((array[$1]))

	vmscope --json walk "${PID[$1]}" $((at + 16384)) $((at + 32767)) | jq -r '
		[.walk[].vma | .name // .file // "-"] | unique | join(" and ")'
}

@test "S13: four builds side by side" {
	local build pid wanted
	local -A array code grown

	for build in $builds; do
		start "$build"
		pid=${PID[$build]} wanted=$([[ $build == heap* ]] && echo 32768 || echo 0)
		hint "${build/_/-}: the heap should have grown by $wanted bytes (TODO 1), not by ${grown[$build]}." \
			test "${grown[$build]}" -eq "$wanted"
		hint "${build/_/-}: is the array where it should be (TODO 1, 2), all of it?" \
			test "$(place "$build")" = "$([[ $build == heap* ]] && echo '[heap]' || echo -)"
		hint "${build/_/-}: nobody has used the array as yet; its pages have no frames." \
			assert_state "$pid" $((array[$build] + 16384)) none
		go_on "$build"
		expect "$build" '^the sum is 33550336$' "${build/_/-}: 0 + 1 + … + 8191 is 33550336 (TODO 3)."
		hint "${build/_/-}: now the array has frames, and no other process has them." \
			assert_flags "$pid" $((array[$build] + 16384)) +rw +dirty
		assert_shared_by 1 "$pid:$((array[$build] + 16384))"
	done
	# The code: in a file that two programs use, or in a file of each.
	assert_same_frame "$bss_shared" "${code[bss_shared]}" "$heap_shared" "${code[heap_shared]}"
	assert_shared_by 2 "$bss_shared:${code[bss_shared]}"
	assert_different_frame "$bss_static" "${code[bss_static]}" "$heap_static" "${code[heap_static]}"
	assert_shared_by 1 "$bss_static:${code[bss_static]}"
	[[ $(vmscope --json maps "$heap_static" | jq -r '.maps[].file // empty' | grep -c '\.so') -eq 0 ]]
}
