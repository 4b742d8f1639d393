# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Part of scripts/kernels: the kernel that is not fetched but compiled, from the
# source that Debian has of it and scripts/debug.config.
#
# Its cache is found by what goes into it: two clones whose configurations
# differ have a kernel each.
# shellcheck disable=SC2154 # cache, repo, name, release_re, make_args: there

# compiled_home: where the kernel of this configuration and compiler is.
compiled_home()
{
	local id

	id=$({ cat "$repo/scripts/debug.config" && gcc -dumpfullversion; } | sha256sum) ||
		return
	echo "$cache/kernels/$name/${id:0:8}"
}

# compiled_newest: the release that the newest source makes.
compiled_newest()
{
	private_apt apt-cache show --no-all-versions "linux-source-$release_re" |
		sed -n -E "s/^Version: ([0-9.]+)-.*/\1-debug-$(basename "$home")/p"
}

# unpack_source DIR VERSION: the source of that version, from the tarball in the
# cache, or from a newer one.
unpack_source()
{
	local tar=$cache/source/$release_re.tar.xz try version

	for try in cached newest; do
		rm -rf "$1"
		mkdir -p "$1" || return
		# In a subshell: it loads the row of another kernel.
		[[ $try == cached ]] || rm -f "$tar"
		(cmd_source "$release_re") >/dev/null || return
		say "unpacking the source of Linux $release_re"
		tar -C "$1" --strip-components=1 -xJf "$tar" || return
		version=$(make -s -C "$1" kernelversion) || return
		[[ $version != "$2" ]] || return 0
	done
	say "the source is of $version, not of $2"
	return 1
}

# configure TREE: and make sure that nothing in the configuration was dropped,
# as an option is whose dependencies are not met.
configure()
{
	local log=$1/configure.log line lost

	(cd "$1" && make -s tinyconfig &&
		scripts/kconfig/merge_config.sh -m .config "$repo/scripts/debug.config" &&
		make -s olddefconfig) >"$log" 2>&1 || { cat "$log" >&2; return 1; }

	# A line that says no holds, too, where the option is not even asked.
	lost=$(grep -E '^(# )?CONFIG_' "$repo/scripts/debug.config" | while read -r line; do
		case $line in
		'# '*) line=${line#\# } line=${line%% *}
			! grep -q "^$line=" "$1/.config" || echo "$line=n" ;;
		*) grep -qxF "$line" "$1/.config" || echo "$line" ;;
		esac
	done)
	[[ -z $lost ]] || { say "not in the configuration: ${lost//$'\n'/ }"; return 1; }
}

# install_headers TREE DIR: what building a module needs of a built tree.
install_headers()
{
	mkdir -p "$2" && (
		cd "$1" || exit
		{
			find . arch/x86 -maxdepth 1 -name 'Makefile*'
			find include scripts arch/x86/include \( -type f -o -type l \) \
				! -name '*.o' ! -name '.*.cmd'
			find .config Module.symvers tools/objtool/objtool
		} | cpio --quiet -pdm "$2"
	)
}

# compile DIR RELEASE: into DIR as a package would be unpacked there.
compile()
{
	local dir=$1 release=$2 tree=$1.tree image log=$home/build.log

	"$repo/scripts/deps" build guest debug || return
	unpack_source "$tree" "${release%%-*}" && configure "$tree" || return
	say "compiling Linux $release: ten minutes on two processors"
	make -s -C "$tree" -j "$(nproc)" LOCALVERSION="-${release#*-}" bzImage modules \
		>"$log" 2>&1 || { tail -n 30 "$log" >&2; return 1; }
	mkdir -p "$dir/boot" || return
	make -s -C "$tree" INSTALL_MOD_PATH="$dir" DEPMOD=true modules_install || return
	rm -f "$dir/lib/modules/$release"/{build,source}

	image=$(make -s -C "$tree" image_name) || return
	cp "$tree/$image" "$dir/boot/vmlinuz-$release" &&
		cp "$tree/.config" "$dir/boot/config-$release" &&
		cp "$tree/System.map" "$dir/boot/System.map-$release" &&
		install_headers "$tree" "$dir/usr/src/linux-headers-$release" || return
	rm -rf "$tree"
	forget_unused
}

# Remove kernels of configurations that nobody has asked for in a long time.
forget_unused()
{
	local dir

	for dir in "${home%/*}"/*/; do
		[[ ${dir%/} == "$home" ]] || fresh "$dir/checked" $((2 * fresh_days)) ||
			rm -rf "$dir"
	done
}
