package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicKind;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdentityTest {
  @Provide
  Arbitrary<DeviceAddress> addresses() {
    Arbitrary<String> names = Arbitraries.of("a", "b", "a-b", "a.b", "b-c", "worker", "operator");
    return Combinators.combine(names, names).as(DeviceAddress::new);
  }

  @Property
  void device_anyTwo_neverHaveOneTopicOrClientIdInCommon(
      @ForAll("addresses") DeviceAddress one,
      @ForAll("addresses") DeviceAddress other,
      @ForAll TopicKind kind) {
    ClientIdentity device = new ClientIdentity.Device(one);
    String topic = Topic.of(other, kind).render();
    boolean same = one.equals(other);

    assertThat(device.mayWrite(topic) || device.mayRead(topic)).isEqualTo(same);
    assertThat(device.mayWrite(topic) && device.mayRead(topic)).isFalse();
    assertThat(device.owns("blindsight/" + other)).isEqualTo(same);
  }

  @Property
  void parse_anyText_isNobodyOrItsOwnName(@ForAll String commonName) {
    assertThat(ClientIdentity.parse(commonName).map(ClientIdentity::name))
        .matches(name -> name.isEmpty() || name.get().equals(commonName));
  }

  @Property
  void parse_nameOfAnIdentity_isThatIdentity(@ForAll("addresses") DeviceAddress address) {
    assertThat(ClientIdentity.parse(address.toString()))
        .hasValueSatisfying(identity -> assertThat(identity.name()).isEqualTo(address.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hall",
        "/",
        "home/",
        "/hall",
        "home/hall/door",
        "ho me/hall",
        "#/+",
        "home/+"
      })
  void parse_whatNamesNobody_isNobody(String commonName) {
    assertThat(ClientIdentity.parse(commonName)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+",
        "blindsight/#",
        "blindsight/home/+/reply",
        "blindsight/+/hall/reply",
        "blindsight/home/hall/#",
        "$SYS/#"
      })
  void device_filterWithWildcards_isRefused(String filter) {
    assertThat(new ClientIdentity.Device(new DeviceAddress("home", "hall")).mayRead(filter))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$SYS/#", "$sys.mqtt.sessions", "activemq.management", "blindsight"})
  void operator_topicOfTheBroker_isRefused(String filter) {
    ClientIdentity operator = new ClientIdentity.Operator("desk");

    assertThat(operator.mayRead(filter)).isFalse();
    assertThat(operator.mayWrite(filter)).isFalse();
  }
}
