-- wrk: CDR pushes of 2 KB, no two alike. Arguments: a word that no other run has, `close` for a connection for each push.
local head, before, after
local sent = 0

function init(args)
  local run = args[1]
  local fee = '{"eventType":"fee","feeLst":[{"direction":1,"spId":"sp","appKey":"key","icid":"'
  local rest = '","bindNum":"+8617000000201","sessionId":"session","callerNum":"+8613800000001",'
    .. '"calleeNum":"+8613800000002","callInTime":"2026-11-22 00:00:00","fwdAnswerTime":"2026-11-22 00:00:10",'
    .. '"callEndTime":"2026-11-22 00:01:10","ulFailReason":0,"sipStatusCode":0,"callOutUnaswRsn":0,"recordFlag":0,'
    .. '"serviceType":"004","hostName":"host","userData":"'
  local tail = '"}]}'
  before = fee .. run .. "-"
  local padding = 2048 - #before - 12 - #rest - #tail
  after = rest .. string.rep("x", padding) .. tail
  head = "POST /fee HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json;charset=UTF-8\r\n"
    .. 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"\r\n'
    .. 'X-AKSK: UsernameToken Username="key",PasswordDigest="",Nonce="n",Created="2026-11-22T00:00:00Z"\r\n'
    .. (args[2] == "close" and "Connection: close\r\n" or "")
    .. "Content-Length: 2048\r\n\r\n"
end

function request()
  sent = sent + 1
  return head .. before .. string.format("%012d", sent) .. after
end

function done(summary, latency)
  print(string.format(
    'RESULT {"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"max":%f,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  ))
end
