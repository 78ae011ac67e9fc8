/** Time of one kind of work, over all threads and profiled runs. */
export interface ProfileRow {
  /** What is done. */
  kind: ProfileKind;
  /** Thread-seconds. */
  seconds: number;
  /** Floating-point operations; 0 where passes over memory are all there is. */
  flops: number;
  /** Bytes that must come from or go to main memory; 0 where the work stays in caches. */
  bytes: number;
  /** How often it was done. */
  calls: number;
}

/** Kinds of work in the kernels' order (`Kind` in kernels/src/profile.rs). */
export const PROFILE_KINDS = [
  "batch assembly",
  "views into padded planes",
  "gather and scatter",
  "depthwise forward",
  "depthwise forward again",
  "pointwise forward",
  "node sums",
  "pooling forward",
  "classifier",
  "node dot products",
  "gradient through norms",
  "pointwise weight gradient",
  "pointwise input gradient",
  "depthwise weight gradient",
  "depthwise input gradient",
  "gradient of padded views",
  "pooling backward",
  "between phases",
  "waiting for threads",
] as const;

/** A kind of work within a step. */
export type ProfileKind = typeof PROFILE_KINDS[number];
