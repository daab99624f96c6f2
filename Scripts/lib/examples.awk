# Splits a Markdown page into its examples, for Scripts/readme-examples.
#
#   awk -v folder=OUT -f examples.awk PAGE
#
# Writes into OUT:
#   B.sh                     the commands of console block B, as one bash script
#   N.command N.expected     the first line and the expected output of example N
#   N.place                  "LINE BLOCK FIRST LAST INDENT": the line and block of
#                            its command, the lines of its output, its indentation
#   S.swift S.source S.line  a Swift block, the file that must contain it, its line
#   counts                   "BLOCKS EXAMPLES SNIPPETS"
#   problems                 "LINE: TEXT" for blocks that cannot be run
#
# Script B.sh expects $outputs, and writes N.actual and N.status there. After a
# command it puts the status back, so that the next one may ask for it.

function stripped(line) {
  return substr(line, 1, indent) ~ /^ *$/ ? substr(line, indent + 1) : line
}

function problem(line, text) {
  print line ": " text > (folder "/problems")
}

function write_line(name, text) {
  print text > (folder "/" name)
}

function end_command() {
  if (!reading_command) return
  reading_command = 0
  output_first = FNR
  printf "\n} >\"$outputs/%d.actual\" 2>&1\n", example > script
  printf "status=$?; echo \"$status\" >\"$outputs/%d.status\"; (exit \"$status\")\n", example > script
}

function end_example() {
  end_command()
  if (!in_example) return
  in_example = 0
  write_line(example ".place", command_line " " block " " output_first " " FNR - 1 " " indent)
}

# The start of a fenced block.
!inside && /^ *```/ {
  match($0, /^ */)
  indent = RLENGTH
  language = substr($0, indent + 4)
  sub(/[ \t].*/, "", language)
  inside = 1
  opened = FNR
  if (language == "console") {
    block++
    commands_in_block = 0
    script = folder "/" block ".sh"
    printf "" > script
  } else if (language == "swift" && source != "") {
    snippet++
    write_line(snippet ".source", source)
    write_line(snippet ".line", FNR)
    printf "" > (folder "/" snippet ".swift")
  } else {
    language = ""
  }
  source = ""
  next
}

# Text between blocks; a source comment belongs to the block right after it.
!inside {
  if ($0 ~ /^ *<!-- source: .* -->$/) {
    source = $0
    sub(/^ *<!-- source: */, "", source)
    sub(/ *-->$/, "", source)
  } else if ($0 !~ /^ *$/) {
    source = ""
  }
  next
}

# The end of a fenced block.
/^ *```[ \t]*$/ {
  if (language == "console") {
    end_example()
    if (!commands_in_block) problem(opened, "a console block without a command")
  }
  inside = 0
  next
}

language == "swift" {
  write_line(snippet ".swift", stripped($0))
  next
}

language == "console" {
  line = stripped($0)
  if (line ~ /^\$ /) {
    end_example()
    example++
    commands_in_block++
    command_line = FNR
    in_example = 1
    reading_command = 1
    write_line(example ".command", substr(line, 3))
    printf "" > (folder "/" example ".expected")
    printf "{\n%s", substr(line, 3) > script
  } else if (reading_command && (line ~ /^> / || line == ">")) {
    printf "\n%s", substr(line, 3) > script
  } else if (!commands_in_block) {
    problem(FNR, "output before the first command")
  } else {
    end_command()
    write_line(example ".expected", line)
  }
}

END {
  if (inside && language != "") problem(opened, "a block that is never closed")
  write_line("counts", block + 0 " " example + 0 " " snippet + 0)
}
