// The page in the frame of a diagram. It may do nothing but draw: it has no origin, reaches no network, and knows only the source it is sent.
import mermaid from "mermaid";

interface Wish {
  source: string;
  dark: boolean;
}

let drawn = 0;
let wish: Wish | undefined;

const tell = (message: object) => parent.postMessage(message, "*");

/** As high as the drawing is at the width there is. */
const told = (picture: Element) => tell({ kind: "drawn", height: Math.ceil(picture.getBoundingClientRect().height) });
const measured = new ResizeObserver(([entry]) => entry && told(entry.target));

async function draw({ source, dark }: Wish): Promise<void> {
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true, securityLevel: "strict", theme: dark ? "dark" : "neutral", fontFamily: "system-ui, sans-serif" });
  try {
    const { svg } = await mermaid.render(`diagram-${++drawn}`, source);
    if (wish?.source !== source || wish.dark !== dark) return;
    measured.disconnect();
    document.body.innerHTML = svg;
    const picture = document.body.querySelector("svg");
    // Names stand on the frame; a picture within a picture would be read twice.
    picture?.setAttribute("aria-hidden", "true");
    if (!picture) return;
    // Nothing is observed in a frame that is not shown yet.
    told(picture);
    measured.observe(picture);
  } catch (problem) {
    if (wish?.source === source) tell({ kind: "wrong", problem: problem instanceof Error ? problem.message : String(problem) });
  }
}

addEventListener("message", ({ source, data }: MessageEvent<Wish>) => {
  if (source !== parent || typeof data?.source !== "string") return;
  wish = data;
  void draw(data);
});
document.body.style.margin = "0";
tell({ kind: "ready" });
