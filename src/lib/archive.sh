# archive.sh OUTPUT DIRECTORY ARCHIVE...: one archive of one object that shows only ticketd_*.
set -eu
output=$1 object=$2/ticketd.o
mkdir -p "$2"
shift 2
ld -r -o "$object" --whole-archive "$@"
objcopy --wildcard --keep-global-symbol='ticketd_*' "$object"
rm -f "$output"
ar rcs "$output" "$object"
