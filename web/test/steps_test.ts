import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nearest, stepArea, stepPath, stepPoints } from '../src/pages/inventory/steps.ts'

const counts = { total: 10, sold: 1, reserved: 0, available: 9 }

test('the last counts hold until now', () => {
  const points = stepPoints(
    [
      { at: 200, ...counts, sold: 2 },
      { at: 100, ...counts },
    ],
    300,
  )
  assert.deepEqual(
    points.map(({ at, sold }) => [at, sold]),
    [
      [100, 1],
      [200, 2],
      [300, 2],
    ],
  )
})

test('what is read at an instant is the last change before it', () => {
  const points = stepPoints(
    [
      { at: 100, ...counts },
      { at: 200, ...counts },
    ],
    300,
  )
  assert.deepEqual(
    [50, 100, 199, 200, 299, 1000].map((at) => nearest(points, at)),
    [0, 0, 0, 1, 1, 2],
  )
})

test('a type without a change has no points', () => {
  assert.deepEqual(stepPoints([], 300), [])
})

test('a line keeps its height up to the next change, and an area lies between two of them', () => {
  const points = stepPoints([{ at: 0, ...counts, sold: 2 }, { at: 10, ...counts, sold: 5 }], 20)
  const x = (instant: number) => instant
  const sold = (point: { sold: number }) => point.sold
  assert.equal(stepPath(points, x, sold), 'M0,2H10V5H20V5')
  assert.equal(stepArea(points, x, () => 0, sold), 'M0,2H10V5H20V5' + 'V0H20V0H10V0H0Z')
})
