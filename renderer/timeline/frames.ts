// The one owner of requestAnimationFrame: whoever has changed asks for a frame, and is drawn once in it. Nothing is
// drawn that did not ask, and nobody else schedules frames.

export class Frames {
  readonly #wanted = new Set<() => void>();
  #handle = 0;

  /** Draws `draw` in the next frame; asked twice it still draws once. */
  request(draw: () => void): void {
    this.#wanted.add(draw);
    if (this.#handle === 0) this.#handle = requestAnimationFrame(this.#run);
  }

  cancel(draw: () => void): void {
    this.#wanted.delete(draw);
  }

  readonly #run = (): void => {
    this.#handle = 0;
    // Those who ask again while drawing are meant for the next frame.
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (const draw of wanted) draw();
  };
}

export const frames = new Frames();
