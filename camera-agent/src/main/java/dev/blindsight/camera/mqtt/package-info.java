/** MQTT 5 connections: Paho behind one small interface. */
@NullMarked
package dev.blindsight.camera.mqtt;

import org.jspecify.annotations.NullMarked;
