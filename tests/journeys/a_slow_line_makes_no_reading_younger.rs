//! An age counts from when the request began to come in, not from when the last of it was there.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use ward_core::time::minutes;
use ward_tests::{Bridge, TestWard, on_both_databases, spo2};

on_both_databases!(the_time_of_a_reading_is_that_of_the_head_of_its_request);

async fn the_time_of_a_reading_is_that_of_the_head_of_its_request(ward: TestWard) {
    let bridge = Bridge::enrolled_at(&ward).await;
    let patient = ward.patient(&bridge).await;
    let measured_at = ward.clock.now();
    let reading = bridge.spools(&patient.oximeter, spo2(96.0));
    let body = bridge.batch(&[reading]);
    let mut line = TcpStream::connect(ward.address).await.unwrap();
    let head = format!(
        "POST /api/bridge/readings HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        ward.address,
        bridge.authorization("/api/bridge/readings", body.as_bytes()),
        body.len()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    // The service asks for the body: it has the head.
    let mut go_on = [0; 25];
    line.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    ward.clock.advance(minutes(4));
    line.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let stored = ward.wards.store().readings_of(patient.stay, 10).await;
    assert_eq!(stored.unwrap()[0].effective_at, measured_at);
}
