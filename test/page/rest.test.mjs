// The pages around the cases: proposals, directory, fingerprints, record health; both sides, three languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeStage, parley, shot, violations } from "./stage.mjs";

let stage;
const drafts = {};
before(async () => {
  stage = await makeStage({ facts: 4 });
  parley(stage.north.home, [
    "propose",
    "cert.south.example",
    "We ask for terms.",
    "--answer-within",
    "72h",
    "--no-press",
    "--title",
    "Terms of the channel",
    "--until",
    "2099-01-01T00:00:00Z",
  ]);
  parley(stage.south.home, [
    "department",
    "set",
    "abuse",
    "--hours",
    "Mo-Fr 08:00-18:00 Europe/Moscow",
    "--hours",
    "Sa 22:00-06:00 Europe/Moscow",
    "--remit",
    "sector:health",
  ]);
  parley(stage.south.home, ["card", "publish"]);
  parley(stage.south.home, [
    "contacts",
    "cert.north.example",
    "--name",
    "B. Officer",
    "--role",
    "head of incident response",
    "--phone",
    "+00 0000 0000",
    "--point",
    "duty",
  ]);
  for (const side of ["north", "south"]) {
    const { home } = stage[side];
    parley(home, ["officer", "add", "z.lead", "--roles", "lead"]);
    parley(home, ["clearance", "add", "remark", "AMBER"]);
    parley(home, ["card", "publish"]);
    parley(home, ["sync", "--quiet"]);
  }
  for (const side of ["north", "south"]) {
    const { home } = stage[side];
    parley(home, [
      "remark",
      JSON.parse(parley(home, ["cases", "--brief", "--json"]))[0].case,
      "To be read by a lead first.",
      "--tlp",
      "AMBER",
    ]);
    drafts[side] = JSON.parse(parley(home, ["drafts", "--json"])).drafts[0].id;
  }
  parley(stage.north.home, ["check-in", "cert.south.example", "Do you hear us?"]);
  parley(stage.north.home, ["sync", "--quiet"]);
});
after(() => stage?.close());

const pages = [
  "proposals",
  "proposals/new",
  "directory",
  "record",
  "fingerprint",
  "fingerprint/PEER",
  "review",
  "inbox",
  "draft/ID",
  "consultations",
];
for (const side of ["north", "south"])
  for (const name of pages)
    test(`${side}: ${name} shows, and no rule of WCAG 2.2 AA is broken`, async () => {
      const peer = side === "north" ? "cert.south.example" : "cert.north.example";
      const page = await stage[side].open(`/${name.replace("PEER", peer).replace("ID", drafts[side])}`),
        file = name.replace("/", "-").toLowerCase();
      await page.waitForSelector("main h1");
      for (const language of ["fr", "ru", "en"]) {
        await page.evaluate((l) => localStorage.setItem("parley-language", l), language);
        await page.reload();
        await page.waitForSelector(`html[lang=${language}] main h1`);
        await page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {}); // the stream of events never ends
        assert.deepEqual(await violations(page), []);
        await shot(page, `${file}-${side}-${language}`, { fullPage: true });
      }
      await page.setViewportSize({ width: 320, height: 700 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
      await shot(page, `${file}-${side}-narrow`, { fullPage: true });
      await page.close();
      assert.deepEqual(
        stage[side].faults.filter((f) => !/409/.test(f)),
        [],
      ); // a party that has named no contacts
    });

test("a proposal is countered by one side and accepted by the other, each in its browser", async () => {
  const south = await stage.south.open("/proposals"),
    north = await stage.north.open("/proposals");
  await south.click("text=Terms of the channel");
  await south.click("text=Offer something else");
  await south.fill("dialog input[name=answer-within]", "168");
  await south.fill("dialog textarea", "Three days are not enough.");
  await south.click("dialog button[value=send]");
  await south.waitForSelector("text=the offer that takes its place");
  await north.waitForSelector("text=1 proposal waits for our reply.", { timeout: 30000 });
  await north.click("tr:has-text('offered') a");
  await north.waitForSelector("h2#terms");
  assert.match(await north.textContent("tr:has(th:text('hours to answer'))"), /72.*168/);
  await shot(north, "proposal-countered");
  assert.deepEqual(await violations(north), []);
  await north.click("button:has-text('Accept')");
  await north.click("dialog button[value=send]");
  await north.waitForSelector("h2#reply");
  await south.goto(stage.south.at + "/proposals");
  await south.waitForSelector("text=Terms in force with cert.north.example", { timeout: 30000 });
  await south.close();
  await north.close();
});

test("a text is offered, amended in one language, and signed by both once that was seen", async () => {
  const id = JSON.parse(parley(stage.north.home, ["cases", "--brief", "--json"]))
    .find((c) => c.kind === "claim")
    .case.split("/")[1];
  const north = await stage.north.open(`/consultations/${id}`),
    south = await stage.south.open(`/consultations/${id}`);
  await north.click("text=Offer a text");
  await north.fill("dialog textarea[name=text-fr]", "Nous avons comparé.\n\nCela continue.");
  await north.fill("dialog textarea[name=text-ru]", "Мы сверили.\n\nЭто продолжается.");
  await north.fill("dialog input[name=agreed]", "all");
  await north.click("dialog button[value=send]");
  await south.waitForSelector("h1:has-text('waits for our signature')", { timeout: 30000 });
  await south.click("button:has-text('Offer version 2')");
  await south.fill("dialog textarea[name=text-fr]", "Nous avons comparé.\n\nCela a cessé.");
  await south.click("dialog button[value=send]");
  await north.waitForSelector(".paragraph.one", { timeout: 30000 });
  assert.match(await north.innerHTML(".paragraph.one [lang=fr]"), /<del>continue<\/del>/);
  const sign = north.locator("button", { hasText: "Sign" });
  assert.ok(await sign.isDisabled());
  for (const language of ["fr", "ru", "en"]) {
    await north.click(`.languages [lang=${language}]`);
    await north.waitForSelector(`html[lang=${language}] .paragraph.one`);
    assert.deepEqual(await violations(north), []);
    await shot(north, `minutes-north-${language}`, { fullPage: true });
  }
  await north.check(".paragraph.one input");
  await sign.click();
  await north.click("dialog button[value=send]");
  await north.waitForSelector("h1:has-text('other side')", { timeout: 30000 });
  await south.waitForSelector("text=signed", { timeout: 30000 });
  await south.check(".paragraph.one input");
  await south.click("button:has-text('Sign') >> nth=0");
  await south.click("dialog button[value=send]");
  await south.waitForSelector("h1:has-text('signed by both')", { timeout: 30000 });
  await south.setViewportSize({ width: 320, height: 700 });
  await shot(south, "minutes-south-narrow", { fullPage: true });
  assert.ok(await south.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
  await south.close();
  await north.close();
});

test("the safety number is compared by keys alone, and only when every group was read", async () => {
  const page = await stage.north.open("/fingerprint/cert.south.example");
  await page.waitForSelector(".group.current");
  const match = page.locator("button", { hasText: "They match" });
  assert.equal(await page.locator(".group").count(), 12);
  for (let i = 0; i < 11; i++) await page.keyboard.press("Space");
  assert.ok(await match.isDisabled());
  await page.keyboard.press("Space");
  assert.ok(await match.isEnabled());
  await match.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=The numbers are the same");
  await page.close();
});

test("where the numbers differ nothing is sent, every page says so, and comparing again ends it", async () => {
  const page = await stage.north.open("/fingerprint/cert.south.example");
  await page.waitForSelector(".group.current");
  await page.fill(".steps input", "by telephone");
  await page.click("button:has-text('They differ')");
  await page.waitForSelector("text=nothing is sent to cert.south.example from this desk");
  await shot(page, "fingerprint-differ");
  assert.throws(() => parley(stage.north.home, ["check-in", "cert.south.example", "Again?"]), /differ/);
  await page.goto(`${stage.north.at}/record`);
  await page.waitForSelector("h1:has-text('On 1 channel people found')");
  assert.match(await page.textContent("main"), /People found that the safety numbers with cert\.south\.example differ/);
  assert.deepEqual(await violations(page), []);
  await shot(page, "record-differ", { fullPage: true });
  await page.click("text=Compare again");
  await page.waitForSelector("text=Last found to differ");
  await page.click("h1");
  for (let i = 0; i < 12; i++) await page.keyboard.press("Space");
  await page.click("button:has-text('They match')");
  await page.waitForSelector("text=The numbers are the same");
  parley(stage.north.home, ["check-in", "cert.south.example", "Again?"]);
  assert.equal(JSON.parse(parley(stage.north.home, ["status", "--json"])).channels[0].compared.result, "matched");
  await page.close();
});

test("an invitation opens a channel only after its number was stepped through", async () => {
  const { folder } = stage,
    home = `${folder}/W`;
  parley(home, ["init", "--party", "cert.west.example", "--department", "abuse", "--officer", "w.officer", "--no-passphrase"]);
  parley(home, ["invite", "-o", `${folder}/west`]);
  const page = await stage.south.open("/fingerprint");
  await page.setInputFiles("input[type=file]", `${folder}/west`);
  await page.waitForSelector("h1:has-text('You and cert.west.example')");
  for (let i = 0; i < 12; i++) await page.keyboard.press("Space");
  await page.click("text=They match");
  await page.waitForSelector("text=The channel with cert.west.example is open.", { timeout: 30000 });
  assert.match(parley(stage.south.home, ["peers", "--json"]), /cert\.west\.example/);
  await page.close();
});

test("the record's health is checked by a key, and says what was looked at", async () => {
  const page = await stage.north.open("/record");
  await page.waitForSelector("h1:has-text('No contradiction known.')");
  await page.keyboard.press("x");
  await page.waitForSelector("text=found no fault", { timeout: 30000 });
  await page.close();
});

test("a draft is sent back by a lead with a reason, and another is signed and sent", async () => {
  const south = await stage.south.open("/inbox");
  await south.click("#drafts a");
  await south.click("button:has-text('Send back')");
  await south.fill("dialog input[name=officer]", "z.lead");
  await south.fill("dialog textarea", "Say when.");
  await south.click("dialog button[value=send]");
  await south.waitForSelector("#drafts >> text=sent back");
  await south.close();
  const north = await stage.north.open(`/draft/${drafts.north}`);
  await north.click("button:has-text('Sign and send')");
  await north.fill("dialog input[name=officer]", "z.lead");
  await north.click("dialog button[value=send]");
  await north.waitForSelector("#drafts");
  assert.equal(parley(stage.north.home, ["drafts", "--json"]), '{"drafts":[]}\n');
  await north.close();
});

test("a check-in is answered by a person", async () => {
  const page = await stage.south.open("/directory");
  await page.click("text=Answer their check-in");
  await page.fill("dialog textarea", "We do.");
  await page.click("dialog button[value=send]");
  await page.waitForSelector("text=Answer their check-in", { state: "detached", timeout: 30000 });
  await page.close();
});
