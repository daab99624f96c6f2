# Whether a text matches an expected one, for Scripts/readme-examples.
#
#   awk -f matches.awk EXPECTED ACTUAL
#
# Lines must be equal, but an expected line that is only `…` stands for any number
# of lines, none included. The runs of lines between such gaps are looked for one
# after the other, each at its first possible place: whatever a later place would
# allow to follow, the first allows too. The last run has to end the text.
# Status 0 when it matches, 1 when not.

FILENAME == ARGV[1] {
  expected[++expected_count] = $0
  next
}

{ actual[++actual_count] = $0 }

function is_gap(line) {
  gsub(/[ \t]/, "", line)
  return line == "…"
}

function run_is_at(first, last, position,   i) {
  if (position < 1 || position + last - first > actual_count) return 0
  for (i = first; i <= last; i++)
    if (actual[position + i - first] != expected[i]) return 0
  return 1
}

# `next_free` is the first line not yet matched; `after_gap` says whether lines
# may be skipped before the run from `first`.
END {
  next_free = 1
  first = 1
  after_gap = 0
  for (i = 1; i <= expected_count; i++) {
    if (!is_gap(expected[i])) continue
    position = next_free
    while (after_gap && position <= actual_count && !run_is_at(first, i - 1, position)) position++
    if (first < i && !run_is_at(first, i - 1, position)) exit 1
    next_free = position + i - first
    first = i + 1
    after_gap = 1
  }
  last_run = expected_count - first + 1
  position = actual_count - last_run + 1
  if (position < next_free || (!after_gap && position != next_free)) exit 1
  if (last_run > 0 && !run_is_at(first, expected_count, position)) exit 1
  exit 0
}
