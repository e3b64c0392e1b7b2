package dev.blindsight.camera.sensor.panel;

/**
 * Leave to take one exposure.
 *
 * @param closings how often the shutter had been closed by then
 * @param waited whether it was long in coming
 */
record Permit(long closings, boolean waited) {}
