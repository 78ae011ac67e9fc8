/** Code of the kernels, compiled. */
export function findCode(): Promise<WebAssembly.Module>;
