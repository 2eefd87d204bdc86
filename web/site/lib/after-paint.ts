/** Runs something when the next frame is drawn, which is when a key that is being typed waits for nothing more. A hidden window draws none. Returns what takes it back. */
export function afterPaint(run: () => void): () => void {
  let stands = true;
  const frame = requestAnimationFrame(() => {
    // A message that is posted while a frame is made is handled after it. A port that listens is kept until it is closed.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      if (stands) run();
    };
    port2.postMessage(null);
  });
  return () => {
    stands = false;
    cancelAnimationFrame(frame);
  };
}
