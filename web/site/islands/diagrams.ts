import { reading } from "@/messages/reading";

/** What draws diagrams is fetched by pages that have one. */
export function diagrams(): void {
  const prose = document.querySelector(".prose:has(> figure.diagram, figure.diagram)");
  if (prose) void import("@/lib/diagrams").then(({ diagramFigures, showDiagrams }) => showDiagrams(prose.querySelectorAll(diagramFigures), reading.diagram));
}
