/** Numbers of a constant: the array's type is that of the tensor. */
export type OnnxData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A constant of a graph. */
export interface OnnxConstant {
  /** Dimensions; none for a scalar. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly data: OnnxData;
}

/** An operation: reads values by name and makes one. */
export interface OnnxNode {
  /** Operator of the default domain, such as `Conv`. */
  readonly type: string;
  /** Names of values, constants, or the graph's input. */
  readonly inputs: readonly string[];
  /** Name of the value that it makes. */
  readonly output: string;
  /** Attributes, all of them integers. */
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

/** Names of what rounds and widens again, of which files in integers have hundreds. */
const SHORT: Readonly<Record<string, string>> = { QuantizeLinear: "Q", DequantizeLinear: "D" };

/** A graph that grows: nodes in order of execution. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxConstant>();
  readonly #made = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /**
   * Adds an operation; one that is there already, with the same inputs and attributes, is not computed twice.
   *
   * @param type Operator.
   * @param inputs Names of what it reads.
   * @param attributes Its attributes.
   * @returns Name of the value that it makes.
   */
  add(type: string, inputs: readonly string[], attributes: OnnxNode["attributes"] = {}): string {
    const key = JSON.stringify([type, inputs, attributes]);
    const made = this.#made.get(key);
    if (made !== undefined) return made;
    // Numbers count operators of a type, so that names do not depend on what the image is read from.
    const count = this.#counts.get(type) ?? 0;
    this.#counts.set(type, count + 1);
    const output = `${SHORT[type] ?? type}_${count}`;
    this.nodes.push({ type, inputs, output, attributes });
    this.#made.set(key, output);
    return output;
  }

  /** A copy that grows by itself. */
  clone(): OnnxGraph {
    const copy = new OnnxGraph();
    copy.nodes.push(...this.nodes);
    this.constants.forEach((constant, name) => copy.constants.set(name, constant));
    return copy;
  }

  /**
   * Adds a constant.
   *
   * @param name Its name, unlike all others.
   * @param shape Dimensions.
   * @param data Its numbers.
   * @returns The name.
   */
  constant(name: string, shape: readonly number[], data: OnnxData): string {
    if (this.constants.has(name)) throw new RangeError(`Cannot build graph: the name ${name} is used twice`);
    this.constants.set(name, { shape, data });
    return name;
  }

  /**
   * Gives a value the name by which users of the graph ask for it.
   *
   * @param value A value that a node makes.
   * @param name The name.
   */
  rename(value: string, name: string): void {
    const rename = (other: string) => other === value ? name : other;
    this.nodes.forEach((node, i) => {
      this.nodes[i] = { ...node, inputs: node.inputs.map(rename), output: rename(node.output) };
    });
    this.#made.clear();
  }
}
