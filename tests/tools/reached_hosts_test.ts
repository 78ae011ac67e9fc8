import { assertEquals, assertThrows } from "@std/assert";
import { reachedHosts } from "../../tools/reached_hosts.ts";

const hosts = (variables: Readonly<Record<string, string>>) => reachedHosts((name) => variables[name]);

Deno.test("a task with a queue may reach its server alone", () => {
  assertEquals(hosts({ ROOTSTOCK_QUEUE: "rediss://:secret@cache.example?prefix=a" }), "cache.example:6379");
  assertEquals(hosts({ ROOTSTOCK_QUEUE: "postgres://me:secret@[::1]:7000/jobs" }), "[::1]:7000");
  for (const url of ["", "folder:a", "https://host"]) {
    assertThrows(() => hosts({ ROOTSTOCK_QUEUE: url }), Error, "names no server");
  }
});

Deno.test("a task with a store may reach its server, too", () => {
  const ROOTSTOCK_QUEUE = "redis://cache.example";
  const ROOTSTOCK_STORE = "s3://results/study";
  assertEquals(
    hosts({ ROOTSTOCK_QUEUE, ROOTSTOCK_STORE, AWS_REGION: "eu-central-1" }),
    "cache.example:6379,results.s3.eu-central-1.amazonaws.com:443",
  );
  const AWS_ENDPOINT_URL_S3 = "http://127.0.0.1:9000";
  assertEquals(hosts({ ROOTSTOCK_QUEUE: "folder:a", ROOTSTOCK_STORE, AWS_ENDPOINT_URL_S3 }), "127.0.0.1:9000");
  assertThrows(() => hosts({ ROOTSTOCK_STORE: "gs://results" }), Error, "expected s3://BUCKET");
});
