/** The command line on a machine whose clock is two hours ahead; trials that it starts believe it, too. */
const now = Date.now;
Date.now = () => now() + 2 * 3_600_000;
await import("../../src/cli/main.ts");
export {};
