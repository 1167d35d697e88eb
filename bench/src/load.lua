-- Sends prepared requests, one after the other. Arguments: the file of requests, how many threads there are, and
-- "cycle" or "once". In the file each request stands behind a line with its length.

local started = 0
local requests, place, step, cycle = {}, 0, 1, true

function setup(thread)
  started = started + 1
  thread:set("number", started)
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  for length in function() return file:read("*l") end do
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
  step, cycle = tonumber(arguments[2]), arguments[3] == "cycle"
  place = number - step
end

function request()
  place = place + step
  if place > #requests then
    -- Counted as an error: who sends each request once must have enough of them.
    if not cycle then return "GET /no-request-is-left HTTP/1.1\r\nHost: bench\r\n\r\n" end
    place = (place - 1) % #requests + 1
  end
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
