// Every page of the desk, for both sides, in three languages: it shows, without faults, accessible, at any width.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeStage, parley, shot, violations } from "./stage.mjs";

let stage;
before(async () => (stage = await makeStage()));
after(() => stage.close());

const pages = ["today", "inbox", "cases"];

for (const side of ["north", "south"])
  for (const name of pages)
    test(`${side}: ${name} shows, and no rule of WCAG 2.2 AA is broken`, async () => {
      const page = await stage[side].open(`/${name}`);
      await page.waitForSelector("h1");
      for (const language of ["fr", "ru", "en"]) {
        await page.click(`.languages [lang=${language}]`);
        await page.waitForSelector(`html[lang=${language}]`);
        await page.waitForSelector("main h1");
        assert.deepEqual(await violations(page), []);
        await shot(page, `${name}-${side}-${language}`);
      }
      await page.setViewportSize({ width: 320, height: 700 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
      await shot(page, `${name}-${side}-narrow`);
      await page.close();
      assert.deepEqual(stage[side].faults, []);
    });

test("a case shows each fact with both sides' word, and sorts and filters by key and address", async () => {
  const page = await stage.south.open("/cases");
  await page.click("text=Password guessing");
  await page.waitForSelector("[role=grid]");
  assert.match(await page.textContent("#standing"), /By the findings of cert\.south\.example: unanswered/);
  assert.equal(await page.getAttribute("[role=grid]", "aria-rowcount"), "41");
  assert.deepEqual(await violations(page), []);
  await shot(page, "case-south-en");
  await page.fill("#filter", "192.0.2.7");
  await page.waitForSelector("[role=grid] [role=row]:nth-child(3)", { state: "detached" });
  assert.match(page.url(), /find=192\.0\.2\.7/);
  assert.deepEqual(stage.south.faults, []);
  await page.close();
});

test("what one side does shows on the other's page without a reload", async () => {
  const south = await stage.south.open("/cases"),
    north = await stage.north.open("/today");
  await south.click("text=Password guessing");
  await south.click("text=Acknowledge");
  await south.fill("dialog textarea", "We are looking into it.");
  await south.click("dialog button[value=send]");
  await south.waitForSelector("text=raised · acknowledged");
  await north.click("text=Cases");
  await north.waitForSelector("text=raised · acknowledged", { timeout: 20000 });
  assert.deepEqual(stage.north.faults, []);
});

test("what is sent while the node is away waits in the page, can be taken back, and is sent afterwards", async () => {
  const { north } = stage,
    page = await north.open("/today");
  await page.waitForSelector("main h1");
  const id = JSON.parse(parley(north.home, ["cases", "--brief", "--json"])).find((c) => c.kind === "claim").case;
  await page.route("**/api/events", (route) => route.abort());
  await page.goto(`${north.at}/case/${encodeURIComponent(id.split("/")[1])}`);
  await page.waitForSelector(".strip:has-text('The node cannot be reached since')");
  await page.waitForSelector(".next button");
  for (const text of ["Said while it was away.", "Taken back."]) {
    await page.keyboard.press("r");
    await page.fill("dialog textarea", text);
    await page.click("dialog button:has-text('Queue')");
    await page.waitForSelector("dialog", { state: "detached" });
  }
  await page.waitForSelector(".strip:has-text('2 acts wait in this page')");
  assert.deepEqual(await violations(page), []);
  await shot(page, "offline");
  await page.click(".strip li:nth-child(2) button");
  await page.waitForSelector(".strip:has-text('1 act waits in this page')");
  await page.unroute("**/api/events");
  await page.waitForSelector(".strip", { state: "detached", timeout: 60000 });
  const said = parley(north.home, ["show", id, "--json"]);
  assert.match(said, /Said while it was away\./);
  assert.doesNotMatch(said, /Taken back\./);
  await page.close();
  north.faults = north.faults.filter((f) => !/ERR_FAILED/.test(f));
});

test("a locked desk shows one field and nothing behind it", async () => {
  const own = await makeStage({ facts: 0, passphrase: true });
  try {
    const page = await own.north.open("/today");
    await page.waitForSelector("h1");
    await page.click("text=Lock");
    await page.waitForSelector("input[type=password]");
    assert.equal(await page.locator("main *").filter({ hasText: "cert.south.example" }).count(), 0);
    await page.fill("input[type=password]", "wrong");
    await page.click("button.primary");
    await page.waitForSelector("[role=alert]");
    await page.fill("input[type=password]", "correct horse");
    await page.click("button.primary");
    await page.waitForSelector("nav.rail");
  } finally {
    await own.close();
  }
});
