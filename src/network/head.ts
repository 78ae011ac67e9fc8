import type { State } from "./state.ts";

/** Weights of the classifier of every network, [classes, features]. */
export const HEAD_WEIGHTS = "classifier.weight";

/** Biases of the classifier of every network, [classes]. */
export const HEAD_BIASES = "classifier.bias";

const HEAD = "classifier.";
const AUXILIARY_HEAD = "auxiliary_head.";

/** Whether a tensor belongs to the classifier, the auxiliary one left out. */
export function isOfClassifier(name: string): boolean {
  return name.startsWith(HEAD);
}

/** Whether a tensor belongs to the auxiliary head, which helps in training and is left out of predictions. */
export function isOfAuxiliaryHead(name: string): boolean {
  return name.startsWith(AUXILIARY_HEAD);
}

/** Whether a tensor belongs to a head of either kind, whose shape follows from the classes, and not to the body. */
export function isOfHead(name: string): boolean {
  return isOfClassifier(name) || isOfAuxiliaryHead(name);
}

/**
 * A derived network's state without the tensors that only training needs.
 *
 * @param state Tensors by state-dict name.
 * @returns The others, uncopied.
 */
export function withoutAuxiliaryHead(state: State): State {
  return new Map([...state].filter(([name]) => !isOfAuxiliaryHead(name)));
}
