// What must not outlive this process, however it ends: called when it exits, and before a signal ends it that nobody else
// takes care of. Against SIGKILL nothing helps.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const endings = new Set<() => void>();

/**
 * Calls once when this process ends before the call is taken back.
 * @param call must do all it has to at once: nothing that waits runs any more
 * @returns takes it back
 */
export function whenProcessEnds(call: () => void): () => void {
  if (endings.size === 0) {
    process.on('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, signalled);
  }
  endings.add(call);
  return () => {
    if (!endings.delete(call) || endings.size > 0) return;
    process.off('exit', endAll);
    for (const signal of SIGNALS) process.off(signal, signalled);
  };
}

/** The newest first: what was begun last may stand on what was there before. */
function endAll(): void {
  for (const call of Array.from(endings).toReversed()) call();
  endings.clear();
}

function signalled(signal: NodeJS.Signals): void {
  // Whoever else listens decides when this process ends; that it ends is told by `exit`.
  if (process.listenerCount(signal) > 1) return;
  endAll();
  for (const each of SIGNALS) process.off(each, signalled);
  process.kill(process.pid, signal);
}
