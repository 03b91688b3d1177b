-- wrk ... -s reserve_wrk.lua URL KEY TICKET_TYPE: a reservation with a fresh UUIDv7 key each.
local headers, body

function init(arguments)
    headers = {
        ['Authorization'] = 'Bearer ' .. arguments[1],
        ['Content-Type'] = 'application/json',
    }
    body = '{"ticket_type_id":"' .. arguments[2] .. '","quantity":1}'
    math.randomseed(os.time())
end

-- The time is the start's and a counter does the rest: ascending within a run, as a clock is.
local start, count = os.time() * 1000, 0

function request()
    count = count + 1
    local high = math.floor(start / 65536)
    headers['Idempotency-Key'] = string.format('%08x-%04x-7%03x-%04x-%04x%08x', high,
        start % 65536, math.floor(count / 65536) % 4096, 32768 + count % 16384,
        math.floor(count / 16384) % 65536, math.random(0, 4294967295))
    return wrk.format('POST', '/v1/reservations', headers, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('requests=%d us=%d p50=%d p99=%d bad=%d\n', summary.requests,
        summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
