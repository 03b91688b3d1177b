import assert from 'node:assert/strict'
import { test } from 'node:test'

import { entryVerb, movements } from '../src/pages/audit_log/entry_words.ts'

const entry = {
  action: 'sale',
  quantity: 2,
  disposition: null,
  effective_at: null,
  previous_total: 100,
  new_total: 100,
  previous_sold: 10,
  new_sold: 12,
  previous_reserved: 5,
  new_reserved: 3,
}

test('a sale of reserved tickets moves sold and reserved, and leaves available alone', () => {
  assert.deepEqual(movements(entry), [
    { name: 'Sold', before: 10, after: 12 },
    { name: 'Reserved', before: 5, after: 3 },
  ])
})

test('a direct sale takes from what is available', () => {
  assert.deepEqual(movements({ ...entry, new_reserved: 5 }), [
    { name: 'Sold', before: 10, after: 12 },
    { name: 'Available', before: 85, after: 83 },
  ])
})

test('a release that nobody asked for reads as expired', () => {
  assert.equal(entryVerb({ ...entry, action: 'release' }), 'released')
  assert.equal(
    entryVerb({ ...entry, action: 'release', effective_at: '2026-11-22T10:00:00.000Z' }),
    'expired',
  )
})
