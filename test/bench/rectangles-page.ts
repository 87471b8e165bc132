// What the interface's timeline is measured against: a canvas with one fillRect for each bar and mark of a session, which
// the wheel pans and zooms. Knows no model: rectangles come as columns.

export interface Rectangles {
  /** Nanoseconds. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Row and colour. */
  readonly row: Uint16Array;
  readonly colour: Uint8Array;
}

const COLOURS = ['#5b9cf5', '#2bb5a0', '#4cc38a', '#4cc38a', '#e5b567'];

/** Draws all of them and listens to the wheel; resolves when the first picture is there. */
async function show(address: string, count: number, rows: number): Promise<void> {
  const buffer = await (await fetch(address)).arrayBuffer();
  const from = new Float64Array(buffer, 0, count);
  const to = new Float64Array(buffer, count * 8, count);
  const row = new Uint16Array(buffer, count * 16, count);
  const colour = new Uint8Array(buffer, count * 18, count);
  const canvas = document.createElement('canvas');
  canvas.width = window.innerWidth;
  canvas.height = window.innerHeight;
  document.body.append(canvas);
  const context = canvas.getContext('2d', { alpha: false })!;
  const end = to.reduce((latest, time) => Math.max(latest, time), 1);
  const pitch = Math.max(3, Math.min(22, Math.floor(canvas.height / rows)));
  let scale = canvas.width / end;
  let left = 0;
  const draw = (): void => {
    context.fillStyle = '#0f1216';
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (let which = 0; which < COLOURS.length; which++) {
      context.fillStyle = COLOURS[which]!;
      for (let at = 0; at < count; at++) {
        if (colour[at] !== which) continue;
        const x = (from[at]! - left) * scale;
        context.fillRect(x, row[at]! * pitch, Math.max(1, (to[at]! - from[at]!) * scale), pitch - 2);
      }
    }
  };
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const at = left + event.offsetX / scale;
      if (event.ctrlKey) scale *= Math.exp(-event.deltaY * 0.01);
      left = event.ctrlKey ? at - event.offsetX / scale : left + event.deltaX / scale;
      requestAnimationFrame(draw);
    },
    { passive: false },
  );
  draw();
}

Object.assign(window, { showRectangles: show });
