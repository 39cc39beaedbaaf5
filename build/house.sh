#!/usr/bin/env bash
# Measures the house: circles between folders, long files and classes, tests beside source, and habits. Prints a table; exits with 1 where a rule is broken.
set -uo pipefail
cd "$(dirname "$0")/.."

# Two classes stay as they are: the pure token machine is one table of commands and states in five files.
exempt_classes='TokenMachine'
failed=0

sources() { git ls-files -co --exclude-standard -- "$1" | sort -u | while read -r f; do [ -f "$f" ] && printf '%s\n' "$f"; done; }
fail() { printf '  BROKEN  %s\n' "$1"; failed=1; }

# circles PROJECT: pairs of folders (namespaces) of which each uses the other: by their using directives, and by naming a type of a folder above, for which a file
# needs no directive. The first time a file is read its types are noted, the second time its words.
circles() {
  local root="TokenActors.$1"
  # Its namespace is another word, so that it does not hide System.Console.
  [ "$1" = Console ] && root=TokenActors.WebConsole
  local files; files=$(sources "src/$1/*.cs")
  [ -z "$files" ] && return
  awk -v root="$root" '
    FNR == 1 { own = ""; n = 0; reading = ++seen[FILENAME] }
    /^ *\/\// { next }
    /^using (static )?TokenActors\./ { u = $NF; sub(/;\r?$/, "", u); used[++n] = u; next }
    /^namespace / && own == "" {
      own = $2; sub(/;\r?$/, "", own)
      for (i = 1; i <= n; i++)
        if ((used[i] == root || index(used[i], root ".") == 1) && used[i] != own) arrow[own, used[i]] = 1
      next
    }
    reading == 1 && /^(public|internal) / && match($0, /(class|record struct|record|struct|interface|enum) [A-Za-z0-9_]+/) {
      name = substr($0, RSTART, RLENGTH); sub(/.* /, "", name); type[own, name] = 1
      next
    }
    reading == 2 && own != "" {
      line = $0; gsub(/"([^"\\]|\\.)*"/, "", line); sub(/\/\/.*/, "", line); gsub(/[.][A-Za-z0-9_]+/, "", line)
      words = split(line, word, /[^A-Za-z0-9_]+/)
      for (i = 1; i <= words; i++)
        if (word[i] ~ /^[A-Z]/)
          for (above = own; sub(/[.][^.]*$/, "", above) && length(above) >= length(root);)
            if ((above, word[i]) in type) arrow[own, above] = 1
    }
    END { for (a in arrow) { split(a, p, SUBSEP); if (p[1] < p[2] && (p[2], p[1]) in arrow) print p[1] " <-> " p[2] } }' $files $files
}

for project in Domain Storage Grains.Abstractions Grains Hosting Silo Gateway AspNetCore Client InProcess Console Mcp Cli; do
  # A package shows its one entrance and what its calls are made of in the namespace of its own name.
  while read -r pair; do
    [ -n "$pair" ] && [[ "$pair" != 'TokenActors.Client <-> '* ]] && fail "circle: $pair"
  done < <(circles "$project")
done

# Namespaces of another project begin alike (Grains and Grains.Abstractions); such arrows are no circles, since projects cannot use each other both ways.
longest_file=$(sources 'src/*.cs' | xargs wc -l | grep -v ' total$' | sort -rn | head -1)
while read -r lines file; do [ "$lines" -gt 400 ] && fail "file of $lines lines: $file"; done < <(sources 'src/*.cs' | xargs wc -l | grep -v ' total$')

# A class is counted from its declaration to the brace that closes it at the left margin; partial parts are added up.
classes=$(sources 'src/*.cs' | xargs awk '
  /^(public|internal|file) / && / (class|record|struct) / && !/;$/ { match($0, /(class|record struct|record|struct) [A-Za-z0-9_]+/); name = substr($0, RSTART, RLENGTH); sub(/.* /, "", name); from = FNR; open = 1 }
  open && /^}/ { size[name] += FNR - from + 1; open = 0 }
  END { for (n in size) print size[n], n }' | sort -rn)
while read -r lines class; do
  [ "$lines" -gt 250 ] && ! grep -qw "$class" <<<"$exempt_classes" && fail "class of $lines lines: $class"
done <<<"$classes"

# `_field |= await ...` takes the field's value from before the await: what another turn wrote meanwhile is lost.
while IFS= read -r line; do [ -n "$line" ] && fail "an assignment across an await loses writes: $line"; done \
  < <(sources 'src/*.cs' | xargs grep -nE '\b_[a-z][A-Za-z0-9]* *[-|&^+]= *await')

all_source=$(sources 'src/*.cs' | xargs cat)
source_lines=$(wc -l <<<"$all_source")
test_lines=$(sources 'tests/*.cs' | xargs cat | wc -l)
bangs=$(grep -oE '[A-Za-z0-9_)>]\]?!([].,;)[]|$)' <<<"$all_source" | wc -l)
chains=$(sources 'src/*.cs' | xargs awk '/\? .* : .*\? .* : / { n++ } /^ +: .* \? / { n++ } END { print n + 0 }')
wide=$(awk 'length > 120 { n++ } END { print n + 0 }' <<<"$all_source")

per_thousand() { awk -v a="$1" -v b="$source_lines" 'BEGIN { printf "%.1f", 1000 * a / b }'; }
printf '%-44s %s\n' \
  "longest file" "$(awk '{ print $1 " lines, " $2 }' <<<"$longest_file") (400)" \
  "largest class" "$(grep -vw "$exempt_classes" <<<"$classes" | head -1 | awk '{ print $1 " lines, " $2 }') (250)" \
  "source, test lines" "$source_lines, $test_lines" \
  "test lines for each line of source" "$(awk -v a="$test_lines" -v b="$source_lines" 'BEGIN { printf "%.2f", a / b }') (aim 0.8, then 1.0)" \
  "null-forgiving ! in 1,000 lines" "$(per_thousand "$bangs") (aim 2)" \
  "chained ?: in 1,000 lines" "$(per_thousand "$chains") (aim 0)" \
  "lines over 120 characters" "$(awk -v a="$wide" -v b="$source_lines" 'BEGIN { printf "%.1f %%", 100 * a / b }') (aim 1 %)"
exit "$failed"
