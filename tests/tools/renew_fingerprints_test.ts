import { assertEquals, assertRejects } from "@std/assert";
import { openDataset } from "../../src/data/mod.ts";
import { renewFingerprints } from "../../tools/renew_fingerprints.ts";

const formerDigits = "dd12fbbdae218c28111ace1596281fc9e6b9635adad16355509c2b29be829892";
const formerSigns = "b061e457a2376dc6116cbf901f6fc3c8683775e42934a69660de3818f882ca68";

Deno.test("renewFingerprints() renews what it finds among the datasets and leaves every other byte as it is", async () => {
  const zoo = await Deno.makeTempDir();
  try {
    const [digits, signs] = await Promise.all(["uci-digits", "sign-language-digits"].map((name) => openDataset(name)));
    const card = (first: string, second: string) =>
      JSON.stringify({
        sources: [
          { name: "digits", classes: digits!.classes, fingerprint: first },
          { name: "unknown", classes: ["a", "b"], fingerprint: "00" },
          { name: "signs", classes: signs!.classes, fingerprint: second },
        ],
      });
    await Deno.mkdir(`${zoo}/entry`);
    await Deno.writeTextFile(`${zoo}/entry/card.json`, card(formerDigits, signs!.fingerprint));
    const outcomes = async (...names: string[]) =>
      (await renewFingerprints(zoo, names)).map(({ entry, source, outcome }) => `${entry} ${source} ${outcome}`);
    const names = ["uci-digits", "sign-language-digits"];
    assertEquals(await outcomes(...names), ["entry digits renewed", "entry unknown not found", "entry signs current"]);
    assertEquals(await Deno.readTextFile(`${zoo}/entry/card.json`), card(digits!.fingerprint, signs!.fingerprint));
    assertEquals((await outcomes(...names))[0], "entry digits current");

    const renamed = card(formerDigits, formerSigns).replace(
      '["a","b"],"fingerprint":"00"',
      `[],"fingerprint":"${formerDigits}"`,
    );
    await Deno.writeTextFile(`${zoo}/entry/card.json`, renamed);
    await assertRejects(() => outcomes(...names), RangeError, "its classes have other names");
    assertEquals(await Deno.readTextFile(`${zoo}/entry/card.json`), renamed);
  } finally {
    await Deno.remove(zoo, { recursive: true });
  }
});
