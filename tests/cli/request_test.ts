import { assertEquals } from "@std/assert";
import { readRequest } from "../../src/cli/request.ts";

const read = (line: string) => readRequest(line.split(" ").filter((word) => word !== ""));
const help = (words: string[], isWhole = false) => ({ kind: "help" as const, words, isWhole });

Deno.test("readRequest() hears --help, -h and help wherever they stand", () => {
  for (const line of ["--help", "-h", "help", "--quiet --help"]) assertEquals(read(line), help([]), line);
  for (const line of ["zoo show --help", "zoo show -h", "help zoo show", "--help zoo show", "zoo show broad --help"]) {
    assertEquals(read(line), help(line.includes("broad") ? ["zoo", "show", "broad"] : ["zoo", "show"]), line);
  }
  assertEquals(read("transfer --target x --help"), help(["transfer"]));
});

Deno.test("readRequest() takes all after a word of help for every flag", () => {
  for (const line of ["transfer --help all", "transfer -h all", "transfer --help=all", "help transfer all"]) {
    assertEquals(read(line), help(["transfer"], true), line);
  }
});

Deno.test("readRequest() hears --version and -V wherever they stand", () => {
  for (const line of ["--version", "-V", "zoo --version", "transfer --help --version"]) {
    assertEquals(read(line), { kind: "version" }, line);
  }
});

Deno.test("readRequest() runs everything else, and what follows a lone -- is no flag", () => {
  for (const line of ["", "transfer --target x", "predict --from r -- --help", "predict help", "zoo show all"]) {
    assertEquals(read(line), { kind: "run", args: line.split(" ").filter((word) => word !== "") }, line);
  }
});
