# Completion for bash: options come from the program's own --help.
_norn() {
	# shellcheck disable=SC2034 # _init_completion sets them all
	local cur prev words cword
	_init_completion -n : || return
	case $prev in
	--homedir | --confdir | --datadir | -p | --log-prefix) _filedir -d; return ;;
	-T | --log-types) mapfile -t COMPREPLY < <(compgen -W 'kismet pcapng pcapppi wiglecsv' -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_parse_help "$1")" -- "$cur")
	else
		[ "$cword" -ne 1 ] || mapfile -t COMPREPLY < <(compgen -W "$(_norn_commands "$1")" -- "$cur")
		_filedir
	fi
}

_norn_commands() {
	case ${1##*/} in
	norn) echo doctor ;;
	*) "$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' ;;
	esac
}

complete -F _norn norn norn-log
