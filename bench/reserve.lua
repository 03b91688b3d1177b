-- One reservation in Redis, with the checks and writes that ticketd makes of it.
-- KEYS: type, expiries, log, reservation, idempotency key
-- ARGV: quantity, seconds, reservation id, entry id, actor, fingerprint
local stored = redis.call('GET', KEYS[5])
if stored then
    if string.sub(stored, 1, #ARGV[6]) ~= ARGV[6] then
        return '-idempotency_key_reused'
    end
    return string.sub(stored, #ARGV[6] + 1)
end

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local now_text = string.format('%.0f', now)
local quantity = tonumber(ARGV[1])

-- What has expired is given back before anything is decided, each with its entry.
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
for _, id in ipairs(due) do
    local held = tonumber(redis.call('HGET', 'reservation:' .. id, 'quantity'))
    local left = redis.call('HINCRBY', KEYS[1], 'reserved', -held)
    local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
    redis.call('HSET', 'reservation:' .. id, 'status', 'expired', 'updated_at', now_text)
    redis.call('ZREM', KEYS[2], id)
    redis.call('RPUSH', KEYS[3], table.concat({seq, 'release', held, left, id, now_text}, '|'))
end

local type = redis.call('HMGET', KEYS[1], 'total', 'sold', 'reserved', 'price', 'archived_at',
    'published', 'sales_start', 'sales_end', 'max_per_order', 'event_id')
if not type[1] then
    return '-not_found'
end
if type[5] ~= '' then
    return '-archived'
end
if type[6] ~= '1' then
    return '-not_published'
end
if type[7] ~= '' and now < tonumber(type[7]) or type[8] ~= '' and now >= tonumber(type[8]) then
    return '-sales_closed'
end
if type[9] ~= '0' and quantity > tonumber(type[9]) then
    return '-limit_per_order'
end
local total, sold, reserved = tonumber(type[1]), tonumber(type[2]), tonumber(type[3])
if total - sold - reserved < quantity then
    return '-insufficient_inventory'
end

local expires = string.format('%.0f', now + ARGV[2] * 1000000)
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('HSET', KEYS[1], 'reserved', reserved + quantity, 'updated_at', now_text)
redis.call('HSET', KEYS[4], 'type', KEYS[1], 'event_id', type[10], 'quantity', quantity,
    'status', 'active', 'unit_price', type[4], 'currency', 'USD', 'expires_at', expires,
    'created_at', now_text, 'updated_at', now_text)
redis.call('ZADD', KEYS[2], expires, ARGV[3])
redis.call('RPUSH', KEYS[3], table.concat({ARGV[4], seq, 'reserve', quantity, total, total, sold,
    sold, reserved, reserved + quantity, ARGV[3], ARGV[5], now_text}, '|'))
local answer = '{"id":"' .. ARGV[3] .. '","event_id":"' .. type[10] .. '","ticket_type":"' ..
    KEYS[1] .. '","quantity":' .. quantity .. ',"status":"active","unit_price":' .. type[4] ..
    ',"currency":"USD","created_at":' .. now_text .. ',"expires_at":' .. expires .. '}'
redis.call('SET', KEYS[5], ARGV[6] .. answer, 'EX', 2592000)
return answer
