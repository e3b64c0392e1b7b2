package dev.blindsight.camera.sensor.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Bt601Test {
  @Property
  void colour_limited_isTheStandardsWithinOne(
      @ForAll @IntRange(max = 255) int y,
      @ForAll @IntRange(max = 255) int u,
      @ForAll @IntRange(max = 255) int v) {
    double luma = (y - 16) * 255.0 / 219;
    double blue = (u - 128) * 255.0 / 224;
    double red = (v - 128) * 255.0 / 224;

    assertColours(Bt601.LIMITED, y, u, v, luma, blue, red);
  }

  @Property
  void colour_full_isTheStandardsWithinOne(
      @ForAll @IntRange(max = 255) int y,
      @ForAll @IntRange(max = 255) int u,
      @ForAll @IntRange(max = 255) int v) {
    assertColours(Bt601.FULL, y, u, v, y, u - 128, v - 128);
  }

  private static void assertColours(
      Bt601 range, int y, int u, int v, double luma, double blue, double red) {
    // Kr = 0.299, Kg = 0.587, Kb = 0.114 (ITU-R BT.601-7).
    double[] wanted = {
      luma + 2 * (1 - 0.299) * red,
      luma - 2 * (1 - 0.114) * 0.114 / 0.587 * blue - 2 * (1 - 0.299) * 0.299 / 0.587 * red,
      luma + 2 * (1 - 0.114) * blue
    };
    for (int colour = 0; colour < 3; colour++) {
      assertThat((double) range.colour(colour, y, u, v))
          .isCloseTo(Math.clamp(wanted[colour], 0.0, 255.0), within(1.0));
    }
  }

  @Test
  void colour_blackAndWhite_areExact() {
    for (int colour = 0; colour < 3; colour++) {
      assertThat(Bt601.LIMITED.colour(colour, 16, 128, 128)).isZero();
      assertThat(Bt601.LIMITED.colour(colour, 235, 128, 128)).isEqualTo(255);
      assertThat(Bt601.FULL.colour(colour, 0, 128, 128)).isZero();
      assertThat(Bt601.FULL.colour(colour, 255, 128, 128)).isEqualTo(255);
    }
  }

  @Property
  void position_anyLengths_isThePixelUnderTheCentre(
      @ForAll @IntRange(min = 1, max = 65_535) int wanted,
      @ForAll @IntRange(min = 1, max = 65_535) int available,
      @ForAll @IntRange(max = 65_534) int any) {
    int position = any % wanted;

    int sampled = NearestSampling.position(position, wanted, available);

    assertThat(sampled).isBetween(0, available - 1);
    if (wanted == available) {
      assertThat(sampled).isEqualTo(position);
    }
    double centre = (position + 0.5) * available / wanted;
    assertThat(sampled).isBetween((int) Math.floor(centre - 1e-6), (int) Math.floor(centre + 1e-6));
  }
}
