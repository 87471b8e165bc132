// What a run found out, as tables: which client noticed what, which response arrived where. Draws cells, decides nothing.

import type { ResultTable } from '../../shared/contract.ts';

export function ResultTables({ tables }: { readonly tables: readonly ResultTable[] }) {
  return tables.map((table) => (
    <figure className="result" key={table.title}>
      <figcaption className="strong">{table.title}</figcaption>
      {/* Wide tables scroll in themselves; the keyboard gets there, too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="result-scroll" role="region" aria-label={table.title} tabIndex={0}>
        <table className="result-table selectable">
          <thead>
            <tr>
              {table.columns.map((column) =>
                // A corner without words heads nothing.
                column === '' ? (
                  <td key={column} />
                ) : (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(([name = '', ...cells], row) => (
              // Rows never move, and two may have the same name.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={row}>
                <th scope="row">{name}</th>
                {cells.map((cell, column) => (
                  // oxlint-disable-next-line react/no-array-index-key
                  <td key={column} data-number={/^[\d,.]+( \S+)?$/.test(cell) ? '' : undefined}>
                    <div className="result-cell">{cell}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.note === undefined ? null : <p className="hint">{table.note}</p>}
    </figure>
  ));
}
