"""
Session descriptions in the shape browsers give them, written for these tests.

All addresses of the person are in the documentation ranges 192.0.2.0/24, 198.51.100.0/24 and
2001:db8::/32 or end in `.local`; the TURN server is 203.0.113.0/24.
"""

CHROMIUM = """\
v=0
o=- 4611731400430051336 2 IN IP4 192.0.2.17
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS 7c9f
m=audio 50413 UDP/TLS/RTP/SAVPF 111 63 9
c=IN IP4 198.51.100.4
a=rtcp:50414 IN IP4 198.51.100.4
a=candidate:2437072876 1 udp 2122260223 192.0.2.17 50413 typ host generation 0 network-id 1
a=candidate:559267639 1 udp 2122202367 2001:db8::17 50415 typ host generation 0 network-id 2
a=candidate:1 1 udp 2113937151 3a1f7c52-0f0e-4f6e-9f7e-1c9f.local 50413 typ host generation 0
a=candidate:842163049 1 udp 1686052607 198.51.100.4 50413 typ srflx raddr 192.0.2.17 rport 50413
a=candidate:3 1 tcp 1518280447 192.0.2.17 9 typ host tcptype active generation 0
a=candidate:5 1 udp 41885439 203.0.113.9 61000 typ relay raddr 198.51.100.4 rport 50413 \
generation 0 ufrag x7Gq network-id 1 network-cost 10
a=ice-ufrag:x7Gq
a=ice-pwd:9v3xkzJrD5Q2p0cQ1wqLh8uN
a=ice-options:trickle
a=fingerprint:sha-256 1F:2E:3D:4C:5B:6A:79:88:97:A6:B5:C4:D3:E2:F1:00:0F:1E:2D:3C:4B:5A:69:78:\
87:96:A5:B4:C3:D2:E1:F0
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=sendrecv
a=msid:7c9f 1b2d
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=ssrc:3735928559 cname:kT2mQ9
m=video 0 UDP/TLS/RTP/SAVPF 96
c=IN IP6 2001:db8::17
a=mid:1
a=inactive
"""

FIREFOX = """\
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 6843720947374891008 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:\
AB:CD:EF:01:23:45:67:89
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 43121 UDP/TLS/RTP/SAVPF 109 9
c=IN IP6 2001:db8:0:0:0:0:0:17
a=candidate:0 1 UDP 2122252543 192.0.2.17 43121 typ host
a=candidate:2 1 TCP 2105524479 192.0.2.17 9 typ host tcptype active
a=candidate:1 1 UDP 1686052863 198.51.100.4 43121 typ srflx raddr 192.0.2.17 rport 43121
a=candidate:3 1 UDP 92217343 203.0.113.9 61002 typ relay raddr 203.0.113.9 rport 61002
a=candidate:4 1 UDP 92217087 2001:db8:ffff::9 61003 typ relay raddr 2001:db8::17 rport 43121
a=sendrecv
a=end-of-candidates
a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=ice-pwd:0e8e2f3a1f0c4d5e6f7a8b9c0d1e2f3a
a=ice-ufrag:5f1e2d3c
a=mid:0
a=msid:{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9} {f9e8d7c6-b5a4-9382-7160-5f4e3d2c1b0a}
a=remote-candidates:1 192.0.2.17 43121
a=rtcp:43122 IN IP6 2001:db8::17
a=rtcp-mux
a=setup:actpass
a=ssrc:1234567890 cname:{c0ffee00-1111-2222-3333-444455556666}
"""

OF_THE_PERSON = (
    "192.0.2.",
    "198.51.100.",
    "2001:db8::17",
    "2001:db8:0:",
    ".local",
    "5041",
    "4312",
)
