// Diagrams in a frame that can do nothing else (islands/diagram-frame.ts): what draws them is large, and writes styles, which the pages of the site forbid.

type Answer = { kind: "ready" } | { kind: "drawn"; height: number } | { kind: "wrong"; problem: string };

export interface Diagram {
  readonly frame: HTMLIFrameElement;
  draw: (source: string) => void;
  /** Takes the frame away. */
  stop: () => void;
}

const dark = () => getComputedStyle(document.documentElement).colorScheme === "dark" || (document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

/**
 * A frame to put into the page.
 * @param told Gets null when the diagram is drawn, or what is wrong with its source.
 */
export function diagram(title: string, told: (problem: string | null) => void): Diagram {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = title;
  frame.className = "diagram-frame waiting";
  frame.src = "/diagram";
  let wanted: string | undefined;
  let ready = false;
  const ask = () => {
    // A frame without an origin cannot be named by one.
    if (ready && wanted !== undefined) frame.contentWindow?.postMessage({ source: wanted, dark: dark() }, "*");
  };
  const hear = ({ source, data }: MessageEvent<Answer>) => {
    if (source !== frame.contentWindow) return;
    if (data.kind === "ready") {
      ready = true;
      ask();
    } else if (data.kind === "drawn") {
      frame.height = String(data.height);
      frame.classList.remove("waiting");
      told(null);
    } else if (data.kind === "wrong") told(String(data.problem));
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const theme = new MutationObserver(ask);
  addEventListener("message", hear);
  scheme.addEventListener("change", ask);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return {
    frame,
    draw: (source) => {
      if (source === wanted) return;
      wanted = source;
      ask();
    },
    stop: () => {
      removeEventListener("message", hear);
      scheme.removeEventListener("change", ask);
      theme.disconnect();
      frame.remove();
    },
  };
}

const near = "600px 0px";

/** The diagrams of rendered text. */
export const diagramFigures = "figure.diagram";

/** Draws diagrams as they come near; until then, and where one cannot be drawn, its source stands there. */
export function showDiagrams(shown: Iterable<Element>, words: { source: string; wrong: string }, tellsAuthor = false): () => void {
  const running: Diagram[] = [];
  const show = (figure: Element) => {
    const source = figure.querySelector("pre");
    if (!source) return;
    const title = source.getAttribute("aria-label") ?? "";
    const problem = document.createElement("p");
    problem.className = "meta diagram-problem";
    const details = document.createElement("details");
    details.append(Object.assign(document.createElement("summary"), { textContent: words.source }));
    const made = diagram(title, (wrong) => {
      problem.textContent = wrong && tellsAuthor ? `${words.wrong} ${wrong}` : "";
      if (wrong || details.isConnected) return;
      // What draws the source in code may have set a frame around it.
      const block = source.closest(".copy-frame") ?? source;
      block.replaceWith(details);
      details.append(block);
    });
    running.push(made);
    figure.prepend(made.frame);
    figure.append(problem);
    made.draw(source.textContent ?? "");
  };
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        show(target);
      }
    },
    { rootMargin: near },
  );
  for (const figure of shown) watch.observe(figure);
  return () => {
    watch.disconnect();
    for (const one of running) one.stop();
  };
}
