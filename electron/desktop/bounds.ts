// Where the window was, and whether it may be there again. Pure: the file and the displays are given.

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  readonly bounds: Bounds;
  readonly maximized: boolean;
}

/** Smallest window in which every panel still works, in device-independent pixels. */
export const MINIMUM = { width: 1024, height: 700 } as const;
const USUAL = { width: 1440, height: 900 } as const;
/** So much of the title bar must be on a display for a person to get hold of the window. */
const GRIP = { width: 120, height: 32 } as const;

/** The remembered state from a file's text; null when it is not one. */
export function readWindowState(text: string): WindowState | null {
  try {
    const { bounds, maximized } = JSON.parse(text) as { bounds: Record<string, unknown>; maximized: unknown };
    const { x, y, width, height } = bounds;
    if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height) || typeof maximized !== 'boolean')
      return null;
    return { bounds: { x, y, width, height }, maximized };
  } catch {
    return null;
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1_000_000;
}

/**
 * Bounds for a new window: the remembered ones when their title bar can be reached on one of the work areas, else the
 * usual size in the middle of the first.
 */
export function placeWindow(remembered: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  const first = workAreas[0] ?? { x: 0, y: 0, ...USUAL };
  if (remembered !== null) {
    const width = Math.max(MINIMUM.width, remembered.width);
    const height = Math.max(MINIMUM.height, remembered.height);
    const bar = { ...remembered, width, height: GRIP.height };
    if (workAreas.some((area) => overlap(bar, area)))
      return { x: remembered.x, y: remembered.y, width, height };
  }
  const width = Math.max(MINIMUM.width, Math.min(USUAL.width, first.width));
  const height = Math.max(MINIMUM.height, Math.min(USUAL.height, first.height));
  return {
    x: first.x + Math.max(0, Math.floor((first.width - width) / 2)),
    y: first.y + Math.max(0, Math.floor((first.height - height) / 2)),
    width,
    height,
  };
}

/** Is enough of the bar inside the area, and its top not above it? */
function overlap(bar: Bounds, area: Bounds): boolean {
  const wide = Math.min(bar.x + bar.width, area.x + area.width) - Math.max(bar.x, area.x);
  const high = Math.min(bar.y + bar.height, area.y + area.height) - Math.max(bar.y, area.y);
  return wide >= GRIP.width && high >= GRIP.height;
}
