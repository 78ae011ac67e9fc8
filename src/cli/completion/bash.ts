import type { Command } from "../command.ts";
import { hasValue, HELP, nextWords, PROGRAMS, valuesOf } from "./words.ts";

/**
 * Words the completion for bash: a function that knows all commands, so that pressing tab starts no program.
 *
 * @param commands Commands that there are.
 * @returns A script for `eval` or `source`.
 */
export function completionForBash(commands: readonly Command[]): string {
  return `# Completion of rootstock for bash: eval "$(rootstock completion bash)"
_rootstock() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}"
  local words="" command="" next="" flags="" valued="" values="" i
  COMPREPLY=()
  # Bash takes --flag=value for three words.
  if [[ "$current" == "=" ]]; then
    current=""
  elif [[ "$before" == "=" ]]; then
    before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]}" == -* ]] && break
    words="$words\${words:+ }\${COMP_WORDS[i]}"
  done
  case "$words" in
${caseOfWords(commands)}
  esac
  case "$words " in
${commands.map(caseOfCommand).join("\n")}
  esac
  case "$command $before" in
${casesOfValues(commands)}
  esac
  if [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ " $valued " == *" $before "* ]]; then
    # A file, or whatever it is.
    return
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n "$next" ]]; then
    COMPREPLY=($(compgen -W "$next" -- "$current"))
  fi
}
complete -o default -F _rootstock ${PROGRAMS.join(" ")}
`;
}

function caseOfWords(commands: readonly Command[]): string {
  const cases = Array.from(nextWords(commands), ([before, next]) => {
    return `    "${before}") next="${next.map(({ word }) => word).join(" ")}" ;;`;
  });
  return cases.join("\n");
}

function caseOfCommand({ name, flags }: Command): string {
  const all = [...Object.keys(flags), HELP.name].map((flag) => `--${flag}`).join(" ");
  const valued = Object.keys(flags).filter((flag) => hasValue(flags[flag]!)).map((flag) => `--${flag}`).join(" ");
  return `    "${name} "*) command="${name}" flags="${all}" valued="${valued}" ;;`;
}

/** Flags whose values can be listed, those with the same values together. */
function casesOfValues(commands: readonly Command[]): string {
  const flags = commands.flatMap(({ name, flags }) =>
    Object.entries(flags).map(([flag, row]) => ({ key: `"${name} --${flag}"`, values: valuesOf(row).join(" ") }))
  );
  const groups = Map.groupBy(flags.filter(({ values }) => values !== ""), ({ values }) => values);
  const cases = Array.from(groups, ([values, rows]) => {
    return `    ${rows.map(({ key }) => key).join(" | ")}) values="${values}" ;;`;
  });
  return cases.join("\n");
}
