// Zoom and move the maps of the page: wheel, drag, buttons.
for (const figure of document.querySelectorAll("figure.zoom")) {
  const map = figure.querySelector("svg.map");
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  let box = [...whole];
  let from = null;
  const show = () => {
    const part = box[2] / whole[2];
    map.setAttribute("viewBox", box.join(" "));
    // Circles and names stay as large on the screen, so that near ones come apart; outlines keep their width by themselves.
    const scaled = (item, name) => {
      const kept = "data-" + name;
      if (!item.hasAttribute(kept)) item.setAttribute(kept, item.getAttribute(name));
      item.setAttribute(name, item.getAttribute(kept) * part);
    };
    for (const circle of map.querySelectorAll("circle")) scaled(circle, "r");
    for (const words of map.querySelectorAll("text")) for (const name of ["font-size", "dx", "dy"]) scaled(words, name);
  };
  const zoom = (factor, x, y) => {
    const width = Math.min(whole[2], Math.max(whole[2] / 60, box[2] * factor));
    const height = (width * whole[3]) / whole[2];
    box = [x - ((x - box[0]) * width) / box[2], y - ((y - box[1]) * height) / box[3], width, height];
    show();
  };
  const at = (event) => {
    const shown = map.getBoundingClientRect();
    return [
      box[0] + ((event.clientX - shown.left) / shown.width) * box[2],
      box[1] + ((event.clientY - shown.top) / shown.height) * box[3],
    ];
  };
  map.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, ...at(event));
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    from = at(event);
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    if (!from) return;
    const place = at(event);
    box[0] += from[0] - place[0];
    box[1] += from[1] - place[1];
    show();
  });
  map.addEventListener("pointerup", () => { from = null; });
  for (const button of figure.querySelectorAll("button")) {
    button.onclick = () => {
      const factor = Number(button.dataset.zoom);
      if (factor) zoom(factor, box[0] + box[2] / 2, box[1] + box[3] / 2);
      else { box = [...whole]; show(); }
    };
  }
}
