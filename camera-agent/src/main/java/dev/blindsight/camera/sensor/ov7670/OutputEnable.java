package dev.blindsight.camera.sensor.ov7670;

/** When the FIFO's outputs follow the wire OE. */
enum OutputEnable {
  /**
   * At the next rising edge of RCK, as the AL422B does by itself: OE has a set-up and a hold time
   * to RCK. OE is low when a kept byte is clocked, and high when any other is.
   */
  CLOCKED,
  /**
   * At once, as behind a gate of its own: every byte is clocked with OE high, which is low only
   * while a kept byte stands at the outputs.
   */
  IMMEDIATE
}
