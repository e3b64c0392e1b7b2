package dev.blindsight.camera.sensor.mlx90640;

/**
 * The words beside the pixels that the calculation needs (data sheet, section "RAM"), all with
 * sign. They show the chip, not the scene.
 *
 * @param vbe 0x0700, the voltage that the chip's temperature is measured against
 * @param compensationPixel 0x0708 for subpage 0, 0x0728 for subpage 1
 * @param gain 0x070A
 * @param ptat 0x0720, proportional to the chip's absolute temperature
 * @param supply 0x072A
 */
record AuxiliaryWords(int vbe, int compensationPixel, int gain, int ptat, int supply) {}
