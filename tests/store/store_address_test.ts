import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseStoreAddress, reachOfStore, StoreAddressError } from "../../src/store/store_address.ts";

const NONE = () => undefined;

Deno.test("an address is read into its parts", () => {
  assertEquals(parseStoreAddress("s3://results/team/study?endpoint=http://127.0.0.1:9000", NONE), {
    url: "s3://results/team/study?endpoint=http://127.0.0.1:9000&region=us-east-1",
    bucket: "results",
    prefix: "team/study/",
    endpoint: "http://127.0.0.1:9000",
    root: "http://127.0.0.1:9000/results",
    region: "us-east-1",
    ca: undefined,
  });
  const given = parseStoreAddress("s3://results/?region=garage&endpoint=https://[::1]:3900/&ca=a/b.pem", NONE);
  assertEquals([given.prefix, given.region, given.ca], ["", "garage", "a/b.pem"]);
  assertEquals(given.root, "https://[::1]:3900/results");
  assertEquals(reachOfStore(given), "[::1]:3900");
});

Deno.test("what the environment says counts where the address says nothing, and is kept with it", () => {
  const variables: Record<string, string> = { AWS_REGION: "eu-west-3", AWS_ENDPOINT_URL_S3: "https://s3.example" };
  const environment = (name: string) => variables[name];
  const address = parseStoreAddress("s3://results", environment);
  assertEquals(address.url, "s3://results?endpoint=https://s3.example&region=eu-west-3");
  assertEquals(parseStoreAddress(address.url, NONE), address);
  assertEquals(parseStoreAddress("s3://results?region=auto", environment).region, "auto");
  const odd = parseStoreAddress("s3://results?ca=a%2Bb/%26%25 é.pem", NONE);
  assertEquals([odd.ca, parseStoreAddress(odd.url, NONE)], ["a+b/&% é.pem", odd]);
});

Deno.test("Amazon's host has the name of the bucket, but of one with dots", () => {
  const own = parseStoreAddress("s3://results/a?region=eu-central-1", NONE);
  assertEquals(own.root, "https://results.s3.eu-central-1.amazonaws.com");
  assertEquals(reachOfStore(own), "results.s3.eu-central-1.amazonaws.com:443");
  assertEquals(parseStoreAddress("s3://my.results", NONE).root, "https://s3.us-east-1.amazonaws.com/my.results");
});

Deno.test("what is wrong with an address is said, and no key in it is", () => {
  const faults = {
    "gs://results": "expected s3://BUCKET",
    "results": "expected s3://BUCKET",
    "s3://": "expected the name of a bucket",
    "s3://Results": "expected the name of a bucket",
    "s3://results/a b": "expected a prefix",
    "s3://results/.../a": "expected a prefix",
    "s3://results?key=a": "expected nothing after ? but endpoint, region, ca",
    "s3://results?region=A/b": "expected region",
    "s3://results?endpoint=http://s3.example": "expected endpoint https://HOST",
    "s3://results?endpoint=http://127.0.0.1.example": "expected endpoint https://HOST",
    "s3://results?endpoint=https://me:secret@host": "expected endpoint https://HOST",
    "s3://results?endpoint=https://host/path": "expected endpoint https://HOST",
    "s3://AKIA:secret@results": "expected no key in the address",
    "s3://AKIA:secret/secret@results": "expected s3://BUCKET",
    "s3://AKIA:se/secret?secret@results": "expected s3://BUCKET",
  };
  for (const [url, message] of Object.entries(faults)) {
    const error = assertThrows(() => parseStoreAddress(url, NONE), StoreAddressError, message, url);
    assert(!error.message.includes("secret") && !error.message.includes("\n"), error.message);
  }
});
