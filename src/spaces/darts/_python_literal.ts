/** A value of the small part of Python in which genotypes are published. */
export type PythonValue = string | number | PythonValue[] | PythonCall;

/** A call such as `Genotype(normal=…)`; `range` never stays one. */
export interface PythonCall {
  /** Name of what is called. */
  readonly call: string;
  /** Arguments without a name. */
  readonly positional: PythonValue[];
  /** Arguments with a name. */
  readonly named: Record<string, PythonValue>;
}

const TOKEN = /\s*(?:#[^\n]*\n\s*)*(?:([A-Za-z_]\w*)|(-?\d+)|'([^'\\\n]*)'|"([^"\\\n]*)"|([()[\],=]))/y;
const DEEPEST = 8;
const LONGEST_RANGE = 64;

/**
 * Reads one Python literal: strings, integers, lists, tuples, `range` and calls with named arguments; a name and an
 * equals sign may stand before it.
 *
 * @param text The text.
 * @returns Its value; tuples and ranges become lists.
 * @throws {SyntaxError} At the first character that does not fit; says where.
 */
export function parsePython(text: string): PythonValue {
  const tokens = tokenize(text);
  const isNamed = tokens[0]?.kind === "name" && tokens[1]?.text === "=";
  const reader = new Reader(tokens, isNamed ? 2 : 0);
  const value = reader.value(0);
  reader.end();
  return value;
}

interface Token {
  kind: "name" | "integer" | "string" | "mark" | "end";
  text: string;
  at: number;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (match === null) throw unexpected(trimmed.slice(at).trimStart().slice(0, 12), at, "a genotype");
    const [, name, integer, single, double, mark] = match;
    if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (integer !== undefined) tokens.push({ kind: "integer", text: integer, at });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark, at });
    else tokens.push({ kind: "string", text: single ?? double ?? "", at });
  }
  tokens.push({ kind: "end", text: "end of text", at: trimmed.length });
  return tokens;
}

function unexpected(found: string, at: number, wanted: string): SyntaxError {
  return new SyntaxError(`Cannot read genotype: found ${JSON.stringify(found)} at character ${at}, expected ${wanted}`);
}

class Reader {
  #tokens: Token[];
  #next: number;

  constructor(tokens: Token[], next: number) {
    this.#tokens = tokens;
    this.#next = next;
  }

  end(): void {
    const token = this.#take();
    if (token.kind !== "end") throw unexpected(token.text, token.at, "end of text");
  }

  value(depth: number): PythonValue {
    const token = this.#take();
    if (depth > DEEPEST) throw unexpected(token.text, token.at, "fewer brackets");
    if (token.kind === "string") return token.text;
    if (token.kind === "integer") return Number(token.text);
    if (token.text === "[") return this.#list("]", depth);
    if (token.text === "(") return this.#list(")", depth);
    if (token.kind === "name" && this.#accept("(")) return this.#call(token, depth);
    throw unexpected(token.text, token.at, "a list, a string or a number");
  }

  #list(close: string, depth: number): PythonValue[] {
    const items: PythonValue[] = [];
    while (!this.#accept(close)) {
      items.push(this.value(depth + 1));
      this.#separator(close);
    }
    return items;
  }

  #call(name: Token, depth: number): PythonValue {
    const call: PythonCall = { call: name.text, positional: [], named: {} };
    while (!this.#accept(")")) {
      const isNamed = this.#peek().kind === "name" && this.#tokens[this.#next + 1]?.text === "=";
      if (isNamed) {
        const key = this.#take();
        this.#take();
        if (Object.hasOwn(call.named, key.text)) throw unexpected(key.text, key.at, "each argument once");
        Object.defineProperty(call.named, key.text, { value: this.value(depth + 1), enumerable: true });
      } else {
        call.positional.push(this.value(depth + 1));
      }
      this.#separator(")");
    }
    return name.text === "range" ? expandRange(call, name.at) : call;
  }

  #separator(close: string): void {
    if (this.#accept(",") || this.#peek().text === close) return;
    const token = this.#peek();
    throw unexpected(token.text, token.at, `"," or "${close}"`);
  }

  #accept(mark: string): boolean {
    const token = this.#peek();
    if (token.kind !== "mark" || token.text !== mark) return false;
    this.#next++;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#next++;
    return token;
  }
}

function expandRange(call: PythonCall, at: number): number[] {
  const [first, second] = call.positional;
  const low = second === undefined ? 0 : first;
  const high = second === undefined ? first : second;
  const isFit = call.positional.length <= 2 && Object.keys(call.named).length === 0 &&
    typeof low === "number" && typeof high === "number" && high - low <= LONGEST_RANGE;
  if (!isFit) throw unexpected("range", at, "range(first, end) of small integers");
  return Array.from({ length: Math.max(0, high - low) }, (_, i) => low + i);
}
