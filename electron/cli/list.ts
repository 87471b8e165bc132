// `interim list`: the experiments with their parameters.

import { experiments } from '../experiments/index.ts';
import { type Command, options } from './usage.ts';

export const listCommand: Command = async (args, io) => {
  const { values } = options(args, { json: { type: 'boolean' } }, { least: 0, most: 0, what: 'no argument' });
  if (values.json === true) {
    const listed = experiments.map(({ info: { id, title, group, parameters } }) => ({
      id,
      title,
      group,
      parameters,
    }));
    io.out(`${JSON.stringify({ experiments: listed }, null, 2)}\n`);
    return 0;
  }
  for (const { info } of experiments) {
    io.out(`${info.id}  ${info.title} (${info.group})\n`);
    for (const parameter of info.parameters)
      io.out(`    --set ${parameter.name}=${String(parameter.default)}  ${parameter.help}\n`);
  }
  return 0;
};
