import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageReader } from '../src/app/sse.ts'

test('messages are cut from chunks wherever these end', () => {
  const text = 'retry: 5000\n\nid: 7\nevent: counts\ndata: {"a":1,\ndata: "b":2}\n\n: ping\n\nevent: bye\ndata: {}\n\n'
  for (let size = 1; size <= text.length; size++) {
    const reader = new MessageReader(), found = []
    for (let at = 0; at < text.length; at += size) found.push(...reader.read(text.slice(at, at + size)))
    assert.deepEqual(found, [
      { type: 'counts', id: '7', data: '{"a":1,\n"b":2}' }, { type: 'bye', id: '', data: '{}' },
    ], `chunks of ${size}`)
    assert.equal(reader.retry, 5000)
  }
})
