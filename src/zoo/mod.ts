/**
 * Pretrained supernets in folders: cards, entries, signatures, ranking, verification.
 *
 * @module
 */
export * from "./card.ts";
export * from "./embedding.ts";
export * from "./entry.ts";
export * from "./entry_network.ts";
export * from "./fetch_zoo.ts";
export * from "./model_card.ts";
export * from "./model_file.ts";
export * from "./opening.ts";
export * from "./rank_zoo.ts";
export { HOW_TO_FETCH } from "./published.ts";
export * from "./ranking.ts";
export * from "./sign_sources.ts";
export * from "./signature.ts";
export * from "./source.ts";
export * from "./supernet_file.ts";
export * from "./terms.ts";
export * from "./verify.ts";
