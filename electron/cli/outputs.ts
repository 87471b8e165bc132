// What becomes of a command whose output goes nowhere any more. It must never end in an uncaught error.

/** A writable stream, as far as it can fail. */
interface Output {
  on(event: 'error', heard: (error: NodeJS.ErrnoException) => void): unknown;
  write(text: string): unknown;
}

/**
 * Ends what runs once its results cannot be written, and says why; that the reader has gone (`interim … | head`) is no
 * failure. Talk that cannot be written is not missed: results are written all the same.
 * @param end asks the command to end
 * @returns whether results were lost
 */
export function watchOutputs(results: Output, talk: Output, end: () => void): () => boolean {
  let lost = false;
  results.on('error', (error) => {
    if (error.code !== 'EPIPE' && !lost) {
      lost = true;
      talk.write(
        `interim: The output cannot be written (${error.code ?? error.message}): send it elsewhere.\n`,
      );
    }
    end();
  });
  talk.on('error', () => undefined);
  return () => lost;
}
