package dev.blindsight.camera.sensor.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.IOType;
import com.pi4j.plugin.linuxfs.provider.i2c.LinuxFsI2CProvider;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class I2cBusTest {
  @TempDir Path directory;

  @Test
  void requireUsable_missingNode_namesItAndTheRemedy() {
    Path node = directory.resolve("i2c-7");
    assertThatThrownBy(() -> I2cBus.requireUsable(node))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(node + ": no such I2C bus: enable I2C");
  }

  @Test
  void requireUsable_noPermission_namesTheGroup() throws IOException {
    Path node = Files.createFile(directory.resolve("i2c-7"));
    Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("r--------"));
    assumeFalse(Files.isWritable(node), "root may write anything");
    assertThatThrownBy(() -> I2cBus.requireUsable(node))
        .isInstanceOf(UserError.class)
        .hasMessage(node + ": permission denied: add the user to group i2c, then log in again");
  }

  @Test
  void device_busThatLinuxfsDoesNotFind_isAUserError() {
    Context context =
        Pi4J.newContextBuilder()
            .noAutoDetect()
            .disableShutdownHook()
            .add(LinuxFsI2CProvider.newInstance())
            .build();
    try (I2cBus bus = I2cBus.of(context, 254)) {
      assertThat(context.hasProvider(IOType.I2C)).isTrue();
      assertThatThrownBy(() -> bus.device(0x69, 1, new LongAdder()))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("I2C bus 254, address 0x69: cannot be opened");
    } finally {
      context.shutdown();
    }
  }

  @Test
  void close_borrowedContext_leavesItOpen() {
    Context context = new SimulatedI2cProvider().newContext();
    I2cBus.of(context, 1).close();
    assertThat(context.isShutdown()).isFalse();
    context.shutdown();
  }

  @Test
  void device_closedAndOpenedAgain_isNotRefusedAsADouble() {
    Context context = new SimulatedI2cProvider().newContext();
    I2cBus bus = I2cBus.of(context, 1);
    bus.device(0x69, 1, new LongAdder()).close();
    assertThatCode(() -> bus.device(0x69, 1, new LongAdder()).close()).doesNotThrowAnyException();
    context.shutdown();
  }
}
