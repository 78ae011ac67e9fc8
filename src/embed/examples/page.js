// Names what a picture shows that is chosen on the page.
import { load } from "./rootstock.js";

const model = load(await (await fetch("model.rootstock")).arrayBuffer());
const list = document.querySelector("ol");

document.querySelector("input").addEventListener("change", async ({ target }) => {
  const predictions = await (await model).predict(target.files[0], { top: 3 });
  list.replaceChildren(...predictions.map(({ label, probability }) => {
    const item = document.createElement("li");
    item.textContent = `${label}: ${(100 * probability).toFixed(1)} %`;
    return item;
  }));
});
