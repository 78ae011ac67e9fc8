import project from "../../deno.json" with { type: "json" };
import { BUILDS, detectBuild, HOST } from "../engine/mod.ts";

/**
 * Words what is installed in a line: version, builds of the kernels (the one that is used here unless another is asked
 * for first), launch mode, runtime.
 */
export function describeVersion(): string {
  const used = detectBuild(HOST);
  const others = BUILDS.filter((build) => build !== used);
  return `Rootstock ${project.version}, ${used} build (also ${
    others.join(", ")
  }), ${HOST.mode} mode, Deno ${Deno.version.deno}`;
}
