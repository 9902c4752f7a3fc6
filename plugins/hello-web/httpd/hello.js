// An example of a web plugin: a page of its own, and a panel on every device's page.
export default function hello(norn) {
  const { h, panel, facts } = norn;

  norn.addPage({
    path: "hello",
    title: "Hello",
    async render({ place, signal, show }) {
      const total = h("p", {});
      place.append(h("h1", {}, "Hello"), panel("Devices", total));
      show();
      await norn.every(
        2000,
        async () => {
          const status = await norn.get("system/status.json", { signal });
          total.textContent = `This server knows ${status["kismet.system.devices.count"]} devices.`;
        },
        signal,
      );
    },
  });

  norn.addDevicePanel((device) =>
    panel(
      "Hello",
      facts([
        ["Greeting", `Hello, ${device["kismet.device.base.commonname"]}`],
      ]),
    ),
  );
}
