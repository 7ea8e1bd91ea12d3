# What was made is remembered in $MEMORY: `made` holds each file as it was written, `before` what stood there
# before lines were added, `files` and `folders` their paths in order.

COMPLAINTS=$(mktemp)
trap 'rm -f "$COMPLAINTS"' EXIT

# Say what was left alone; in a file, because the halves of a pipe are processes of their own.
complain() {
  echo "$1" >&2
  echo "$1" >>"$COMPLAINTS"
}

finish() {
  if [ -s "$COMPLAINTS" ]; then exit 1; fi
  exit 0
}

remember() {
  ABOVE=
  FOLDER=$MEMORY
  while [ ! -d "$FOLDER" ]; do
    ABOVE=$(printf '%s\n%s' "$FOLDER" "$ABOVE")
    FOLDER=$(dirname "$FOLDER")
  done
  if [ -n "$ABOVE" ]; then
    mkdir -p "$MEMORY"
    printf '%s\n' "$ABOVE" | grep -v '^$' | grep -vxF -e "$MEMORY" >>"$MEMORY/folders" || :
  fi
  : >"$MEMORY/now"
  touch "$MEMORY/files" "$MEMORY/folders"
}

# Make a folder and those above it.
folder() {
  [ ! -d "$1" ] || return 0
  folder "$(dirname "$1")"
  mkdir "$1"
  printf '%s\n' "$1" >>"$MEMORY/folders"
}

# Write a file of our own, from standard input.
put() {
  cat >"$MEMORY/new"
  if [ -e "$ROOT$1" ] && [ ! -e "$MEMORY/made$1" ] && ! cmp -s "$MEMORY/new" "$ROOT$1"; then
    complain "$ROOT$1 is there already, and not from here: left as it is. It would hold:"
    cat "$MEMORY/new" >&2
    return 0
  fi
  if [ -e "$ROOT$1" ] && [ ! -e "$MEMORY/made$1" ]; then return 0; fi # the same, and not ours
  keep "$1"
}

# Let a file hold $MEMORY/new, and remember it as made here.
keep() {
  grep -qxF -e "$1" "$MEMORY/files" || printf '%s\n' "$1" >>"$MEMORY/files"
  printf '%s\n' "$1" >>"$MEMORY/now"
  folder "$(dirname "$ROOT$1")"
  mkdir -p "$(dirname "$MEMORY/made$1")"
  cp "$MEMORY/new" "$MEMORY/made$1"
  # Over what is there, so that owner, mode and links of a file that others have made stay.
  if ! cmp -s "$MEMORY/new" "$ROOT$1"; then cat "$MEMORY/new" >"$ROOT$1"; fi
  rm -f "$MEMORY/new"
}

BEGIN='PromptGuard: begin. Do not edit; `undo` of its script removes these lines.'
END='PromptGuard: end.'
COMMENT='#'

# A file without our lines. Where the last of them is gone, it cannot be told what is ours: all of it stays.
without_lines() {
  awk -v begin="$COMMENT $BEGIN" -v end="$COMMENT $END" '
    index($0, begin) { if (inside) printf "%s", held; inside = 1; held = "" }
    inside { held = held $0 "\n" }
    !inside { print }
    index($0, end) { inside = 0 }
    END { if (inside) printf "%s", held }' "$1"
}

# Add the lines of standard input to a file of others: at its end, or with $AFTER behind the first line that holds that.
add_lines() {
  cat >"$MEMORY/lines"
  if [ -e "$ROOT$1" ] && [ ! -e "$MEMORY/made$1" ]; then
    mkdir -p "$(dirname "$MEMORY/before$1")"
    cp -p "$ROOT$1" "$MEMORY/before$1"
  fi
  if [ -s "$ROOT$1" ]; then without_lines "$ROOT$1"; else printf '%s' "${EMPTY:-}"; fi >"$MEMORY/rest"
  if grep -qF -e "$BEGIN" "$MEMORY/rest"; then
    complain "$ROOT$1 does not say where our lines end: left as it is."
    printf '%s\n' "$1" >>"$MEMORY/now"
    rm -f "$MEMORY/rest" "$MEMORY/lines"
    return 0
  fi
  if [ -e "$ROOT$1" ] && [ -e "$MEMORY/made$1" ] && ! cmp -s "$MEMORY/made$1" "$ROOT$1"; then
    mkdir -p "$(dirname "$MEMORY/before$1")"
    cp "$MEMORY/rest" "$MEMORY/before$1" # others have changed it since
  fi
  {
    echo "$COMMENT $BEGIN"
    cat "$MEMORY/lines"
    echo "$COMMENT $END"
  } >"$MEMORY/block"
  if [ -n "${AFTER:-}" ]; then
    awk -v after="$AFTER" -v block="$MEMORY/block" '
      { at = done || /^[ \t]*\/\// ? 0 : index($0, after) } # not in a comment
      !at { print; next }
      {
        print substr($0, 1, at + length(after) - 1)
        while ((getline line < block) > 0) print line
        if (rest = substr($0, at + length(after))) print rest
        done = 1
      }' "$MEMORY/rest" >"$MEMORY/new"
  else
    cat "$MEMORY/rest" "$MEMORY/block" >"$MEMORY/new"
  fi
  rm -f "$MEMORY/rest" "$MEMORY/block" "$MEMORY/lines"
  keep "$1"
}

# Put one file back as it was.
put_back() {
  if [ ! -e "$ROOT$1" ]; then
    :
  elif cmp -s "$MEMORY/made$1" "$ROOT$1"; then
    if [ -e "$MEMORY/before$1" ]; then cat "$MEMORY/before$1" >"$ROOT$1"; else rm "$ROOT$1"; fi
  elif grep -qF -e "$BEGIN" "$ROOT$1"; then
    without_lines "$ROOT$1" >"$MEMORY/new" # others have changed it since: only our lines go
    cat "$MEMORY/new" >"$ROOT$1"
    if grep -qF -e "$BEGIN" "$ROOT$1"; then complain "$ROOT$1 does not say where our lines end: remove them by hand."; fi
  else
    complain "$ROOT$1 was changed since: left as it is."
  fi
}

# Put back what an earlier kit wrote and this one does not.
forget_what_is_no_more() {
  grep -vxF -f "$MEMORY/now" "$MEMORY/files" >"$MEMORY/gone" || :
  while IFS= read -r FILE; do
    put_back "$FILE"
    rm -f "$MEMORY/made$FILE" "$MEMORY/before$FILE"
  done <"$MEMORY/gone"
  mv "$MEMORY/now" "$MEMORY/files"
  rm -f "$MEMORY/gone" "$MEMORY/new"
}

undo() {
  if [ ! -f "$MEMORY/files" ]; then
    echo "Nothing was put in place here."
    return 0
  fi
  while IFS= read -r FILE; do put_back "$FILE"; done <"$MEMORY/files"
  FOLDERS=$(awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$MEMORY/folders")
  rm -rf "$MEMORY"
  printf '%s\n' "$FOLDERS" | while IFS= read -r FOLDER; do
    [ -z "$FOLDER" ] || rmdir "$FOLDER" 2>/dev/null || :
  done
}
