// A browser phone without its browser: JsSIP registers over a WebSocket and says what happens, a line each.
// Arguments: address of the socket, SIP address, password.
const JsSIP = require('jssip');
const [, , url, uri, password] = process.argv;
const ua = new JsSIP.UA({
  sockets: [new JsSIP.WebSocketInterface(url)],
  uri,
  password,
  register_expires: 120,
});
for (const event of ['connected', 'registered', 'unregistered', 'disconnected']) {
  ua.on(event, () => console.log(event));
}
ua.on('registrationFailed', (e) => console.log('failed', e.response && e.response.status_code, e.cause));
ua.on('sipEvent', (e) => {
  console.log('event', e.event.event);
  // An OPTIONS of its own, then goodbye.
  ua.sendOptions(uri.replace(/:[^@]*@/, ':'), null, {
    eventHandlers: { succeeded: () => ua.unregister(), failed: (f) => console.log('options', f.cause) },
  });
});
ua.start();
