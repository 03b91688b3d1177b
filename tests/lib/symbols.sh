# symbols.sh LIBRARY ARCHIVE HEADER: what the header declares is what leaves the library, exactly.
set -eu
declared=$(grep -o '\bticketd_[a-z_]*(' "$3" | tr -d '(' | sort -u)
shared=$(nm -D --defined-only "$1" | awk '{print $3}' | sort -u)
static=$(nm -g --defined-only "$2" | awk 'NF == 3 {print $3}' | sort -u)

differs() {
    [ "$2" = "$declared" ] && return 1
    echo "$1 differs from the header in:"
    printf '%s\n%s\n' "$2" "$declared" | sort | uniq -u
}

if differs "the shared library" "$shared" || differs "the archive" "$static"; then
    exit 1
fi
