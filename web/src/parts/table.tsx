/** Rows of figures: a real table that scrolls by itself on a narrow screen, by keyboard too. */
import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  head: ComponentChildren
  cell: (row: Row) => ComponentChildren
  /** Figures stand to the right. */
  align?: 'right'
  /** What a phone can do without. */
  optional?: boolean
  /** The cell that names the row. */
  heading?: boolean
  class?: string
}

export interface DataTableProps<Row> {
  /** Names the table for those who do not see it. */
  label: string
  columns: Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string | number
  foot?: ComponentChildren
  rowClass?: (row: Row) => string | undefined
  /** A click beside every link and button of the row; what it does must have a button, too. */
  onRow?: (row: Row) => void
}

const classOf = <Row,>(column: Column<Row>): string =>
  [column.align === 'right' && 'r', column.optional && 'opt', column.class].filter(Boolean).join(' ')

/** Neither on something that answers itself nor at the end of marking text. */
const isFree = (target: EventTarget | null): boolean =>
  !(target as Element | null)?.closest('a, button') && getSelection()?.isCollapsed !== false

export function DataTable<Row>({ label, columns, rows, keyOf, foot, rowClass, onRow }: DataTableProps<Row>) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <thead>
          <tr>{columns.map((column, i) => <th scope="col" key={i} class={classOf(column)}>{column.head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={[onRow && 'opens', rowClass?.(row)].filter(Boolean).join(' ') || undefined} onClick={onRow && ((event) => { if (isFree(event.target)) onRow(row) })}>
              {columns.map((column, i) => column.heading
                ? <th scope="row" key={i} class={classOf(column)}>{column.cell(row)}</th>
                : <td key={i} class={classOf(column)}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  )
}
